"""The HTTP routes of the local Slack."""

from __future__ import annotations

from fastapi import FastAPI
from fastapi.staticfiles import StaticFiles

from .api import api_routes
from .install import install_routes
from .page import PAGE, page_routes
from .parts import Parts

__all__ = ["Parts", "build_app"]


def build_app(parts: Parts) -> FastAPI:
    """The whole application."""
    app = FastAPI(title="Local Slack", docs_url=None, redoc_url=None, openapi_url=None)
    app.include_router(api_routes(parts))
    app.include_router(install_routes(parts))
    app.include_router(page_routes(parts))
    app.mount("/static", StaticFiles(directory=PAGE, check_dir=False), name="static")
    return app
