// Tells style sheets that scripts run. GOV.UK Frontend has this line inline; our content security policy allows files only.
document.body.classList.add('js-enabled')
if ('noModule' in HTMLScriptElement.prototype) document.body.classList.add('govuk-frontend-supported')
