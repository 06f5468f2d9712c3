"""Addresses of signing in."""

from django.urls import path

from diwan.web.signin.views import capacity, enrol, locking, register, resident, staff

PREFIX = "sign-in/"
app_name = "signin"
urlpatterns = [
    path("", resident.sign_in, name="sign_in"),
    path("code", resident.code, name="code"),
    path("code/again", resident.again, name="again"),
    path("register", register.register, name="register"),
    path("register/code", register.code, name="register_code"),
    path("register/code/again", register.again, name="register_again"),
    path("staff", staff.password, name="staff"),
    path("staff/code", staff.totp, name="totp"),
    path("authenticator/<str:token>", enrol.enrol, name="enrol"),
    path("switch-user", staff.switch_user, name="switch_user"),
    path("step-up", staff.step_up, name="step_up"),
    path("capacity", capacity.capacity, name="capacity"),
    path("language", capacity.language, name="set_language"),
    path("out", locking.sign_out, name="sign_out"),
    path("lock", locking.lock, name="lock"),
    path("unlock", locking.unlock, name="unlock"),
]
