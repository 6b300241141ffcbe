"""The few doors of allauth that are open here: sign in, sign out, change one's password.

Accounts are made by the people who run a production, so the sign-up page only says that it is closed; pages for
mail addresses and resets by mail do not exist at all.
"""

from allauth.account import views
from django.urls import path

urlpatterns = [
    path("login/", views.login, name="account_login"),
    path("logout/", views.logout, name="account_logout"),
    path("password/change/", views.password_change, name="account_change_password"),
    path("signup/", views.signup, name="account_signup"),
    # allauth sends people here whose account was switched off.
    path("inactive/", views.account_inactive, name="account_inactive"),
]
