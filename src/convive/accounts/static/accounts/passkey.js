/* Shows the passkey parts of a page where passkeys can work, and says why one failed.
   The exchange itself is allauth's (mfa/js/webauthn.js). */
(function () {
  function show (name, shown) {
    document.querySelectorAll('[data-passkey="' + name + '"]').forEach(function (part) {
      part.hidden = !shown
    })
  }

  // Browsers bind a passkey to a name; a numeric address has none.
  const isNumeric = /^[\d.]+$|^\[/.test(location.hostname)
  const isKnown = Boolean(window.PublicKeyCredential)

  document.addEventListener('DOMContentLoaded', function () {
    show('usable', isKnown && !isNumeric)
    show('numeric', isNumeric)
    show('unknown', !isKnown && !isNumeric)
    document.querySelectorAll('[data-passkey-localhost]').forEach(function (link) {
      const here = new URL(location.href)
      here.hostname = 'localhost'
      link.href = here.href
      link.hidden = location.hostname !== '127.0.0.1'
    })
  })

  document.addEventListener('allauth.error', function (event) {
    event.preventDefault()
    show('failed', true)
  })
})()
