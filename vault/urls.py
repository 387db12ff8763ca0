"""The vault's one address, under /vault/."""

from django.urls import path

from vault import views

app_name = "vault"
urlpatterns = [path("parts/<slug:upload_id>/<int:number>/", views.part, name="part")]
