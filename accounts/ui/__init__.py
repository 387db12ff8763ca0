"""What every page is made of: form fields and widgets as the GOV.UK Design System has them, navigation, page context."""
