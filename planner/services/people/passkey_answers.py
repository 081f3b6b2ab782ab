"""What a browser is asked about passkeys and what it answers, in the form that webauthn reads and verifies. Apart from
`passkeys`, because that library brings the parsers of certificates of all kinds: only who makes or uses a key needs
them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from webauthn import (
    generate_authentication_options,
    generate_registration_options,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.authentication.verify_authentication_response import VerifiedAuthentication
from webauthn.helpers import (
    options_to_json_dict,
    parse_authentication_credential_json,
    parse_client_data_json,
    parse_registration_credential_json,
)
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticationCredential,
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    RegistrationCredential,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)
from webauthn.registration.verify_registration_response import VerifiedRegistration

NAME = "Stap voor stap"
UNREADABLE = (
    WebAuthnException,
    ValueError,
    TypeError,
    LookupError,
    AttributeError,
    OverflowError,
    RecursionError,
)
"""What the parts that read an answer raise for one that was made up."""


@dataclass(frozen=True, slots=True)
class Who:
    """Whom a key is made for. `handle`: what the key calls them."""

    handle: bytes
    email: str
    name: str


@dataclass(frozen=True, slots=True)
class Kept:
    """What we know of a key."""

    public_key: bytes
    sign_count: int


def asked_to_add(host: str, who: Who, question: bytes, known: Iterable[bytes]) -> dict[str, Any]:
    """What a browser makes a new key with; not on a device with a key that is known."""
    options = generate_registration_options(
        rp_id=host,
        rp_name=NAME,
        user_id=who.handle,
        user_name=who.email,
        user_display_name=who.name,
        challenge=question,
        exclude_credentials=[PublicKeyCredentialDescriptor(id=one) for one in known],
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED,
            user_verification=UserVerificationRequirement.REQUIRED,
        ),
    )
    found: dict[str, Any] = options_to_json_dict(options)
    return found


def asked_to_use(host: str, question: bytes) -> dict[str, Any]:
    """What a browser signs with whichever key of ours is there."""
    options = generate_authentication_options(
        rp_id=host, challenge=question, user_verification=UserVerificationRequirement.REQUIRED
    )
    found: dict[str, Any] = options_to_json_dict(options)
    return found


def read_added(answer: str) -> RegistrationCredential:
    """Raises one of UNREADABLE, as all that follow."""
    return parse_registration_credential_json(answer)


def read_used(answer: str) -> AuthenticationCredential:
    return parse_authentication_credential_json(answer)


def challenge_of(given: RegistrationCredential | AuthenticationCredential) -> bytes:
    return parse_client_data_json(given.response.client_data_json).challenge


def verified_added(
    given: RegistrationCredential, question: bytes, host: str, origin: str
) -> VerifiedRegistration:
    return verify_registration_response(
        credential=given,
        expected_challenge=question,
        expected_rp_id=host,
        expected_origin=origin,
        require_user_verification=True,
    )


def verified_used(
    given: AuthenticationCredential, question: bytes, host: str, origin: str, kept: Kept
) -> VerifiedAuthentication:
    return verify_authentication_response(
        credential=given,
        expected_challenge=question,
        expected_rp_id=host,
        expected_origin=origin,
        credential_public_key=kept.public_key,
        credential_current_sign_count=kept.sign_count,
        require_user_verification=True,
    )
