"""The one development sign-in: an OpenID Connect provider whose people are demo people without passwords."""

from .app import create_app as create_app
from .keys import KeyFile as KeyFile
from .keys import KeyFileDamaged as KeyFileDamaged
from .keys import SigningKeys as SigningKeys
from .people import DemoPerson as DemoPerson
from .people import PeopleFile as PeopleFile
from .people import PeopleUnreadable as PeopleUnreadable
from .settings import IssuerSettings as IssuerSettings
from .settings import RealProviderConfigured as RealProviderConfigured
from .settings import SettingRefused as SettingRefused
from .settings import issuer_settings as issuer_settings
from .settings import refuse_beside_real_provider as refuse_beside_real_provider
from .tokens import mint as mint
