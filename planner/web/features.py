"""Which features there are."""

from flask import Flask

from planner.web.account.views import account
from planner.web.site.views import site
from planner.web.toolkit.views import toolkit_pages

BLUEPRINTS = (site, account, toolkit_pages)


def register(app: Flask) -> None:
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
