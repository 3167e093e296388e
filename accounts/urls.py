"""Addresses of the pages of accounts."""

from django.urls import path

from accounts import (
    connection_views,
    import_views,
    invitation_views,
    key_views,
    log_views,
    login_views,
    mailed_views,
    privacy_views,
    second_factor_views,
    team_views,
    views,
    you_views,
)

app_name = "accounts"
urlpatterns = [
    path("login/", login_views.login, name="login"),
    path("login/code/", login_views.login_code, name="login_code"),
    path("password/forgotten/", mailed_views.forgotten_password, name="forgotten_password"),
    path("password/reset/<str:token>/", mailed_views.reset_password, name="reset_password"),
    path("email/confirm/<str:token>/", mailed_views.confirm_email, name="confirm_email"),
    path("register/", views.register, name="register"),
    path("logout/", login_views.logout, name="logout"),
    path("demo/", views.demo, name="demo"),
    path("no-shop/", views.no_shop, name="no_shop"),
    path("shops/connect/", views.connect, name="connect"),
    path("shops/switch/", views.switch, name="switch"),
    path("settings/", views.store_settings, name="settings"),
    path("settings/retention/", views.retention, name="retention"),
    path("settings/connection/authorise/", connection_views.authorise, name="authorise"),
    path("settings/connection/authorised/", connection_views.authorised, name="authorised"),
    path(
        "settings/connection/credentials/", connection_views.use_credentials, name="use_credentials"
    ),
    path("settings/connection/check/", connection_views.check_connection, name="check_connection"),
    path("settings/import/begin/", import_views.begin, name="begin_import"),
    path("settings/import/cancel/", import_views.cancel, name="cancel_import"),
    path("settings/you/", you_views.you, name="you"),
    path("settings/team/", team_views.people, name="team"),
    path("settings/team/<uuid:membership>/role/", team_views.change_role, name="change_role"),
    path("settings/team/<uuid:membership>/remove/", team_views.remove, name="remove_member"),
    path(
        "settings/team/invitations/<uuid:invitation>/withdraw/",
        team_views.withdraw,
        name="withdraw_invitation",
    ),
    path("invitations/<str:token>/", invitation_views.invitation, name="invitation"),
    path("settings/password/", you_views.password, name="password"),
    path("settings/second-factor/", second_factor_views.second_factor_page, name="second_factor"),
    path("settings/second-factor/begin/", second_factor_views.begin, name="begin_second_factor"),
    path("settings/second-factor/codes/", second_factor_views.renew_codes, name="recovery_codes"),
    path("settings/second-factor/off/", second_factor_views.turn_off, name="end_second_factor"),
    path("settings/you/email/", you_views.mail_again, name="mail_again"),
    path("settings/you/others/end/", you_views.end_others, name="end_others"),
    path("settings/you/<uuid:sign_in>/end/", you_views.end, name="end_sign_in"),
    path("settings/privacy/", privacy_views.requests, name="privacy"),
    path("settings/privacy/files/<uuid:file_id>/", privacy_views.file, name="privacy_file"),
    path("settings/log/", log_views.log, name="log"),
    path("settings/keys/", key_views.keys, name="keys"),
    path("settings/keys/<uuid:key_id>/revoke/", key_views.revoke, name="revoke_key"),
]
