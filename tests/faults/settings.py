from weerbaar.settings import *  # noqa: F403
from weerbaar.settings import INSTALLED_APPS

INSTALLED_APPS = [*INSTALLED_APPS, "tests.faults"]  # for tasks.py
