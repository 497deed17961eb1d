"""Long work on an import draft, done by the worker with progress."""

from __future__ import annotations

from collections.abc import Callable

from django.urls import reverse
from django.utils.translation import gettext_noop
from django_tasks import task

from convive.accounts.models import User
from convive.core.jobs import JobCancelled, JobError, JobProgress, running
from convive.incidents import actions, importing, previewing, uploads
from convive.incidents.actions import Claim, Order
from convive.incidents.intake import IntakeError, Mapping
from convive.incidents.models import Batch, ImportDraft, ImportMode
from convive.incidents.policies import ImportRefusedError

READING = gettext_noop("Reading %(file)s")
PREVIEWING = gettext_noop("Checking %(file)s")
IMPORTING = gettext_noop("Importing %(file)s")


def order_of(draft: ImportDraft, *, mode: str = "") -> Order:
    return Order(
        file=uploads.path_of(draft.stored_as),
        place_path=draft.place_path,
        source=draft.source,
        file_name=draft.file_name,
        sheet_name=draft.sheet_name,
        mapping=Mapping.from_json(draft.mapping),
        mode=mode or draft.mode,
        claim=Claim.from_json(draft.claim),
    )


Work = Callable[[JobProgress, ImportDraft, User], None]


def _carry_out(job_id: str, draft_id: str, work: Work) -> None:
    """Do a draft's work as the job; refusals become the job's sentence."""
    try:
        with running(job_id) as progress:
            draft = _draft(draft_id)
            progress.leads_to(reverse("incidents:import_columns", args=[draft.pk]))
            # Who started the work, not who uploaded the file.
            by = User.objects.get(pk=progress.job.by_id or 0)
            try:
                work(progress, draft, by)
            except IntakeError as error:
                raise JobError(error.sentence, **error.facts) from error
            except ImportRefusedError as error:
                raise JobError(str(error)) from error
    except JobCancelled:
        # It was stopped before it began; its page says so.
        return


def _draft(draft_id: str) -> ImportDraft:
    draft = ImportDraft.objects.filter(pk=draft_id).first()
    if draft is None or not uploads.path_of(draft.stored_as).exists():
        raise JobError(gettext_noop("The file is no longer here. Upload it again."))
    return draft


@task
def read_draft(job_id: str, draft_id: str) -> None:
    """Read the head of a file that is too large to read while a page waits."""
    _carry_out(job_id, draft_id, _read)


def _read(progress: JobProgress, draft: ImportDraft, by: User) -> None:
    progress(0, 2, gettext_noop("Reading the file"))
    path = uploads.path_of(draft.stored_as)
    reading = previewing.read_head(path, draft.sheet_name)
    progress(1, 2, gettext_noop("Keeping what was read"))
    actions.understand_draft(
        by=by, draft=draft, sheet_name=reading["sheet"], reading=reading
    )


@task
def preview_draft(job_id: str, draft_id: str) -> None:
    """Say what an import would do, by Add and by Replace, and write nothing."""
    _carry_out(job_id, draft_id, _preview)


def _preview(progress: JobProgress, draft: ImportDraft, by: User) -> None:
    order = order_of(draft, mode=ImportMode.REPLACE)
    checked, change = importing.examine(order, progress)
    progress(80, 100, gettext_noop("Choosing examples"))
    preview = previewing.describe(checked, change, draft.source)
    progress(95, 100, gettext_noop("Keeping the result"))
    actions.keep_preview(by=by, draft=draft, preview=preview)
    progress.leads_to(reverse("incidents:import_preview", args=[draft.pk]))


@task
def import_draft(job_id: str, draft_id: str) -> None:
    """Import a checked draft. Tried again after a crash it finds its own batch."""
    _carry_out(job_id, draft_id, _import)


def _import(progress: JobProgress, draft: ImportDraft, by: User) -> None:
    decision = reverse("incidents:import_preview", args=[draft.pk])
    progress.leads_to(decision)
    outcome = importing.run_import(by=by, order=order_of(draft), progress=progress)
    batch = outcome.batch or _earlier(draft)
    actions.finish_draft(by=by, draft=draft, batch=batch)
    if outcome.batch is not None:
        progress.leads_to(reverse("incidents:batch", args=[outcome.batch.number]))


def _earlier(draft: ImportDraft) -> Batch | None:
    """The batch that this very file made before, if it did."""
    same = Batch.objects.recorded().filter(
        file_sha256=draft.file_sha256,
        place_path=draft.place_path,
        source=draft.source,
    )
    return same.order_by("-number").first()
