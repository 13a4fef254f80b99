"""One address for the browser: a small reverse proxy in front of the services, and the built web application for the rest."""

from .proxy import front_app as front_app
from .routes import Route as Route
from .routes import RouteRefused as RouteRefused
from .routes import route as route
from .static import static_app as static_app
