from django.contrib.auth.backends import ModelBackend


class ByEmail(ModelBackend):
    """Sign in with an e-mail address."""
