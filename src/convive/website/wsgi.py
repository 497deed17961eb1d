import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "convive.website.settings")
application = get_wsgi_application()

from convive.observatory.warm import warm  # noqa: E402 - needs the settings

warm()
