"""How the project runs. The Celery application is loaded with it, so that tasks find their broker in every process."""

from config.celery import app as celery_app

__all__ = ["celery_app"]
