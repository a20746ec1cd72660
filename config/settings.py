"""Réglages du site. Tout ce qui change d'un déploiement à l'autre vient de l'environnement."""

import contextlib
import os
import secrets
import sys
import tempfile
from datetime import timedelta
from pathlib import Path

import dj_database_url
from csp.constants import NONCE, NONE, SELF
from django.contrib.messages import constants as message_levels
from django.core.exceptions import ImproperlyConfigured

from config import environnement as env
from config.journaux import journaux

RACINE = Path(__file__).resolve().parent.parent
TESTS = "pytest" in sys.modules


def _cle_secrete() -> str:
    """Rend la clé donnée, ou une clé tirée au hasard une fois pour toutes et gardée sur le disque."""
    cle = env.texte("PARVIS_CLE_SECRETE", "")
    if cle:
        if len(cle) < 50:
            raise env.ReglageInvalide(
                "Le réglage PARVIS_CLE_SECRETE est trop court : donnez au moins 50 caractères."
            )
        return cle
    fichier = DOSSIER_VAR / "cle-secrete"
    try:
        if not fichier.exists():
            _tirer_la_cle(fichier)
        return fichier.read_text().strip()
    except OSError as erreur:
        raise env.ReglageInvalide(
            f"Le dossier du réglage PARVIS_VAR ne peut pas garder la clé secrète : {erreur}."
        ) from None


def _tirer_la_cle(fichier: Path) -> None:
    """Écrit une clé neuve d'un seul geste : deux processus qui démarrent lisent la même."""
    DOSSIER_VAR.mkdir(parents=True, exist_ok=True)
    descripteur, provisoire = tempfile.mkstemp(dir=DOSSIER_VAR)
    os.write(descripteur, secrets.token_urlsafe(64).encode())
    os.close(descripteur)
    with contextlib.suppress(FileExistsError):
        os.link(provisoire, fichier)
    Path(provisoire).unlink()


def _base() -> dict:
    """Rend la connexion à la base ; SQLite reçoit les précautions que docs/adr/0003 explique."""
    adresse = env.texte("PARVIS_BASE", f"sqlite:///{DOSSIER_VAR / 'parvis.sqlite3'}")
    try:
        base = dj_database_url.parse(adresse, conn_max_age=60, conn_health_checks=True)
        moteur = base["ENGINE"].rpartition(".")[2]
    except (ValueError, KeyError, dj_database_url.UnknownSchemeError):
        moteur = ""
    if moteur not in {"sqlite3", "postgresql"}:
        raise env.ReglageInvalide(
            "Le réglage PARVIS_BASE ne se lit pas : "
            "écrivez sqlite:///chemin ou postgres://utilisateur:mot-de-passe@hote/base."
        )
    if moteur == "sqlite3":
        base["CONN_MAX_AGE"] = None
        base["OPTIONS"] = {
            "transaction_mode": "IMMEDIATE",
            "timeout": 10,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
        }
        try:
            Path(base["NAME"]).parent.mkdir(parents=True, exist_ok=True)
        except OSError as erreur:
            raise env.ReglageInvalide(
                f"Le dossier de la base SQLite ne peut pas être créé : {erreur}."
            ) from None
    return base


try:
    DEMONSTRATION = env.booleen("PARVIS_DEMONSTRATION", False)
    DOSSIER_VAR = env.chemin("PARVIS_VAR", RACINE / "var")
    SECRET_KEY = _cle_secrete()
    # Les clés d'avant ouvrent ce qu'elles ont chiffré, et ne chiffrent plus rien.
    SECRET_KEY_FALLBACKS = env.liste("PARVIS_CLES_SECRETES_D_AVANT")
    DATABASES = {"default": _base()}
    ALLOWED_HOSTS = env.liste("PARVIS_HOTES", "127.0.0.1,localhost,[::1]")
    HTTPS = env.booleen("PARVIS_HTTPS", not DEMONSTRATION and not TESTS)
    DERRIERE_MANDATAIRE = env.booleen("PARVIS_DERRIERE_MANDATAIRE", False)
    NIVEAU_JOURNAUX = env.texte("PARVIS_NIVEAU_JOURNAUX", "INFO").upper()
    if NIVEAU_JOURNAUX not in {"DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"}:
        raise env.ReglageInvalide(
            f"Le réglage PARVIS_NIVEAU_JOURNAUX vaut « {NIVEAU_JOURNAUX} » : "
            "écrivez DEBUG, INFO, WARNING, ERROR ou CRITICAL."
        )
    INACTIVITE_PERMISE = timedelta(minutes=env.entier("PARVIS_SESSION_INACTIVITE", 120))
    DUREE_DE_SESSION = timedelta(hours=env.entier("PARVIS_SESSION_DUREE", 12))
    SMTP = env.smtp("PARVIS_SMTP")
    HEURE_DU_RESUME = env.heure("PARVIS_HEURE_DU_RESUME", "07:30")
    # L'adresse du site dans les courriels : l'exécutant n'a pas de requête où la lire.
    ADRESSE = env.adresse_du_site(
        "PARVIS_ADRESSE",
        f"http://127.0.0.1:{os.environ.get('PORT', '8000')}"
        if DEMONSTRATION
        else f"https://{(ALLOWED_HOSTS or ['localhost'])[0].lstrip('.')}",
    )
    DEFAULT_FROM_EMAIL = env.expediteur(
        "PARVIS_EXPEDITEUR", None if SMTP.hote else "ne-pas-repondre@parvis.example"
    )
    # Le thème du déploiement : voir docs/exploitation.md.
    THEME = {
        "nom": env.texte("PARVIS_THEME_NOM", "Parvis"),
        "couleur": env.texte("PARVIS_THEME_COULEUR", ""),
        "logo": env.texte("PARVIS_THEME_LOGO", ""),
    }
    CONTACT = {
        "editeur": env.texte("PARVIS_EDITEUR", ""),
        "courriel": env.texte("PARVIS_CONTACT", ""),
        "hebergeur": env.texte("PARVIS_HEBERGEUR", ""),
    }
    # L'annuaire public des entreprises et des associations ; vide, la recherche est éteinte.
    RECHERCHE_ENTREPRISES = env.adresse_de_service(
        "PARVIS_RECHERCHE_ENTREPRISES", "https://recherche-entreprises.api.gouv.fr"
    )
    # Où se trouvent les adresses : un service public, ou un serveur addok à soi ; vide, éteint.
    GEOCODAGE = env.adresse_de_service("PARVIS_GEOCODAGE", "https://data.geopf.fr/geocodage")
    # Le fond de carte, une adresse à {z}/{x}/{y} ; vide, les contours seuls, et nul autre hôte.
    FOND_DE_CARTE = env.fond_de_carte("PARVIS_FOND_DE_CARTE")
    # Le serveur clamd à qui chaque fichier déposé est montré ; vide, aucun antivirus.
    ANTIVIRUS = env.antivirus("PARVIS_ANTIVIRUS")
except env.ReglageInvalide as erreur:
    raise ImproperlyConfigured(str(erreur)) from None

DEBUG = False

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "csp",
    "template_partials",
    "django_tasks",
    "django_tasks_db",
    "axes",
    "parvis.socle",
    "parvis.travaux",
    "parvis.journal",
    "parvis.courriels",
    "parvis.territoires",
    "parvis.organismes",
    "parvis.comptes",
    "parvis.documents",
    "parvis.observatoire",
    "parvis.cadre",
    "parvis.instances",
    "parvis.dossiers",
    "parvis.instruction",
    "parvis.programmation",
    "parvis.conventions",
    "parvis.evaluation",
    "parvis.orientation",
    "parvis.api",
    "parvis.pilotage",
    "parvis.espace_porteur",
    "parvis.espace_financeur",
    "parvis.carte",
    "parvis.accueil",
    # Après comptes : nos gabarits passent avant les siens.
    "allauth",
    "allauth.account",
    "allauth.mfa",
]

MIDDLEWARE = [
    "parvis.socle.middleware.dater",
    "django.middleware.security.SecurityMiddleware",
    "parvis.socle.middleware.entetes",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "parvis.comptes.middleware.limiter_la_session",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "parvis.comptes.middleware.garder_les_formulaires",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
AUTH_USER_MODEL = "comptes.Utilisateur"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [RACINE / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.messages.context_processors.messages",
                "parvis.socle.contexte.site",
                "parvis.comptes.contexte.acteur",
            ],
            "builtins": [
                "parvis.socle.templatetags.socle",
                "parvis.comptes.templatetags.comptes",
            ],
        },
    }
]

if TESTS:  # ce qui ralentit un voleur de mots de passe ne ralentit pas les tests
    PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]

AUTHENTICATION_BACKENDS = [
    # Compte les essais ratés, dans la base : tous les processus comptent ensemble.
    "axes.backends.AxesStandaloneBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
AXES_FAILURE_LIMIT = 10
AXES_COOLOFF_TIME = timedelta(minutes=15)
# L'adresse et le compte ensemble : un inconnu ne peut pas fermer le compte d'un autre.
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_LOCKOUT_CALLABLE = "parvis.comptes.adaptateur.trop_d_essais"
# Le nom qu'allauth donne à l'adresse quand il la fait vérifier.
AXES_USERNAME_FORM_FIELD = "email"
AXES_RESET_ON_SUCCESS = True
AXES_ENABLE_ACCESS_FAILURE_LOG = False
AXES_DISABLE_ACCESS_LOG = True
AXES_VERBOSE = False
AXES_CLIENT_IP_CALLABLE = "parvis.comptes.adaptateur.adresse_du_client"
ALLAUTH_TRUSTED_PROXY_COUNT = 1 if DERRIERE_MANDATAIRE else 0

# Les comptes : un code par courriel suffit, un mot de passe est possible. Aucune réponse ne dit si
# une adresse existe.
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "comptes:accueil"
ACCOUNT_LOGOUT_REDIRECT_URL = "accueil:instance"
ACCOUNT_ADAPTER = "parvis.comptes.adaptateur.Adaptateur"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_USER_MODEL_EMAIL_FIELD = "courriel"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1"]
ACCOUNT_FORMS = {"signup": "parvis.comptes.inscription.Inscription"}
ACCOUNT_PREVENT_ENUMERATION = True
# Neuf chiffres en trois groupes : ils se lisent, se dictent et se tapent sur un téléphone.
ALLAUTH_USER_CODE_FORMAT = {"numeric": True}
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_EMAIL_VERIFICATION_SUPPORTS_RESEND = True
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_SUPPORTS_RESEND = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 15 * 60
ACCOUNT_PASSWORD_RESET_BY_CODE_ENABLED = True
ACCOUNT_PASSWORD_RESET_BY_CODE_TIMEOUT = 15 * 60
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if HTTPS else "http"
# Par adresse du réseau d'abord : un inconnu ne ferme pas la porte d'un autre en demandant ses codes.
ACCOUNT_RATE_LIMITS = {
    "request_login_code": "10/m/ip,30/h/key",
    "reset_password": "10/m/ip,30/h/key",
}
MFA_ADAPTER = "parvis.comptes.adaptateur.SecondFacteur"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_TOLERANCE = 1
MFA_TOTP_ISSUER = THEME["nom"]

LANGUAGE_CODE = "fr"
TIME_ZONE = "Europe/Paris"
USE_I18N = True
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = DOSSIER_VAR / "statiques"
STATICFILES_DIRS = [RACINE / "static"]
STORAGES = {
    # Les fichiers déposés, chiffrés : seul l'utilisateur du service les lit.
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"file_permissions_mode": 0o600, "directory_permissions_mode": 0o700},
    },
    "staticfiles": {
        "BACKEND": (
            "django.contrib.staticfiles.storage.StaticFilesStorage"
            if TESTS
            else "whitenoise.storage.CompressedManifestStaticFilesStorage"
        )
    },
}
MEDIA_ROOT = DOSSIER_VAR / "fichiers"
# Un fichier accepté (10 Mo) ne passe ainsi jamais, en clair, par un fichier provisoire du disque.
FILE_UPLOAD_MAX_MEMORY_SIZE = 12 * 1024 * 1024
# Le plus grand budget d'un exercice, un champ par case (tests/espace_porteur/test_budget_maximal.py).
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5_000
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
WHITENOISE_USE_FINDERS = TESTS
# Chaque navigateur d’essai relirait tous les fichiers statiques : il les cherche à la demande.
WHITENOISE_AUTOREFRESH = TESTS
DOSSIER_DONNEES = RACINE / "donnees"

# En base : les compteurs d'essais et les réponses gardées valent pour tous les processus.
CACHES = {
    "default": (
        {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
        if TESTS
        else {
            "BACKEND": "django.core.cache.backends.db.DatabaseCache",
            "LOCATION": "parvis_cache",
            "OPTIONS": {"MAX_ENTRIES": 20_000},
        }
    )
}
# Sans serveur d'envoi, la démonstration garde les courriels et les montre ; ailleurs, ils attendent.
EMAIL_BACKEND = f"django.core.mail.backends.{'smtp' if SMTP.hote else 'dummy'}.EmailBackend"
EMAIL_HOST, EMAIL_PORT = SMTP.hote, SMTP.port
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = SMTP.utilisateur, SMTP.mot_de_passe
EMAIL_USE_TLS, EMAIL_USE_SSL = SMTP.tls, SMTP.ssl
EMAIL_TIMEOUT = 20
COURRIELS_PARTENT = bool(SMTP.hote) or DEMONSTRATION

# Les mots de nos composants.
MESSAGE_TAGS = {message_levels.SUCCESS: "succes", message_levels.ERROR: "erreur"}

TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}

# Sécurité ---------------------------------------------------------------------------------
SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_HSTS_PRELOAD = HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if DERRIERE_MANDATAIRE else None
SECURE_REDIRECT_EXEMPT = [r"^sante/$"]
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_HTTPONLY = True
# Le témoin meurt avec le navigateur ; la base, elle, compte l'inactivité et la durée totale.
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_AGE = int(DUREE_DE_SESSION.total_seconds())
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "parvis.comptes.envois.refus_csrf"
CSRF_TRUSTED_ORIGINS = env.liste("PARVIS_ORIGINES", "")
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF, NONCE],
        "style-src": [SELF, NONCE],
        "img-src": [SELF, "data:", *FOND_DE_CARTE.hotes],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "manifest-src": [SELF],
    }
}

LOGGING = journaux(NIVEAU_JOURNAUX)
