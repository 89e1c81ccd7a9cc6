"""What the double's organisation has: objects and fields, as Salesforce's object reference describes them.

The packages' objects are in no public reference; theirs are the names seen in organisations that use them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

Record = dict[str, Any]


@dataclass(frozen=True)
class Field:
    """`length` is of texts, `to` of references, `values` of picklists, which are `restricted` or not."""

    name: str
    type: str
    length: int = 0
    to: str = ""
    values: tuple[str, ...] = ()
    restricted: bool = False
    written: bool = True
    is_name: bool = False
    required: bool = False

    def described(self) -> Record:
        """As a describe tells it."""
        picks = [
            {"value": one, "label": one, "active": one != "Retired", "defaultValue": False}
            for one in self.values
        ]
        return {
            "name": self.name,
            "label": self.name.removesuffix("__c").replace("_", " "),
            "type": self.type,
            "length": self.length,
            "createable": self.written,
            "updateable": self.written,
            "custom": self.name.endswith("__c"),
            "nameField": self.is_name,
            "nillable": not self.required,
            "referenceTo": [self.to] if self.to else [],
            "restrictedPicklist": self.restricted,
            "picklistValues": picks,
        }


def _text(name: str, length: int, **more: Any) -> Field:
    return Field(name, "string", length, **more)


def _ref(name: str, to: str, **more: Any) -> Field:
    return Field(name, "reference", 18, to=to, **more)


def _pick(name: str, *values: str, restricted: bool = False) -> Field:
    return Field(name, "picklist", 255, values=values, restricted=restricted)


_OWNED = (_ref("OwnerId", "User"), Field("CreatedDate", "datetime", written=False))
_NAME = _text("Name", 80, is_name=True)

STANDARD: dict[str, tuple[Field, ...]] = {
    "Contact": (
        *_OWNED,
        _ref("AccountId", "Account"),
        _ref("RecordTypeId", "RecordType"),
        _text("FirstName", 40),
        _text("LastName", 80, required=True),
        Field("Email", "email", 80),
        Field("Phone", "phone", 40),
        Field("MobilePhone", "phone", 40),
        _text("Title", 128),
        Field("MailingStreet", "textarea", 255),
        _text("MailingCity", 40),
        _text("MailingState", 80),
        _text("MailingPostalCode", 20),
        _pick("LeadSource", "Web", "Other"),
        Field("Description", "textarea", 32000),
        Field("Skills__c", "textarea", 1000),
    ),
    "Opportunity": (
        *_OWNED,
        _text("Name", 120, is_name=True),
        _pick("StageName", "Prospecting", "Closed Won"),
        Field("IsClosed", "boolean", written=False),
    ),
    "OpportunityContactRole": (
        _ref("OpportunityId", "Opportunity", required=True),
        _ref("ContactId", "Contact", required=True),
        _pick("Role", "Decision Maker", "Applicant"),
        Field("CreatedDate", "datetime", written=False),
    ),
    "Campaign": (*_OWNED, _NAME, Field("IsActive", "boolean")),
    "CampaignMember": (
        _ref("CampaignId", "Campaign", required=True),
        _ref("ContactId", "Contact"),
        _pick("Status", "Sent", "Responded"),
        _pick("LeadSource"),
    ),
    "Task": (
        _ref("OwnerId", "User"),
        _ref("WhoId", "Contact"),
        _ref("WhatId", "Opportunity"),
        Field("Subject", "combobox", 255),
        Field("Description", "textarea", 32000),
        _pick("Status", "Not Started", "Completed", restricted=True),
        Field("ActivityDate", "date"),
    ),
    "ContentVersion": (
        _text("Title", 255),
        _text("PathOnClient", 500),
        Field("VersionData", "base64"),
        _ref("FirstPublishLocationId", "Contact"),
        _text("Checksum", 50, written=False),
    ),
    "ContentDocumentLink": (
        _ref("LinkedEntityId", "Contact", written=False),
        _text("ContentDocument.LatestPublishedVersion.Checksum", 50, written=False),
    ),
    "Attachment": (
        _ref("ParentId", "Contact", required=True),
        _text("Name", 255, required=True),
        Field("Body", "base64", required=True),
        _text("ContentType", 120),
        Field("BodyLength", "int", written=False),
    ),
    "User": (
        _text("Name", 121, is_name=True, written=False),
        Field("Email", "email", 128),
        Field("IsActive", "boolean"),
        _pick("UserType", "Standard", "CsnOnly"),
    ),
    "RecordType": (
        _NAME,
        _text("DeveloperName", 80),
        _text("SobjectType", 40),
        Field("IsActive", "boolean"),
    ),
    "Vacancy__c": (*_OWNED, _NAME, _text("Code__c", 20), _pick("Status__c", "Live", "Filled", "Retired")),
    "Candidacy__c": (
        Field("CreatedDate", "datetime", written=False),
        _ref("Person__c", "Contact"),
        _ref("Vacancy__c", "Vacancy__c"),
        _pick("Stage__c", "Applied", "Met"),
        _text("Lead_Source__c", 30),
    ),
}
PACKAGES: dict[str, dict[str, tuple[Field, ...]]] = {
    "ts2__": {
        "ts2__Job__c": (
            *_OWNED,
            _NAME,
            _text("ts2__Job_Number__c", 30),
            _pick("ts2__Status__c", "Open", "Closed"),
        ),
        "ts2__Source__c": (_NAME,),
        "ts2__Application__c": (
            _text("Name", 80, is_name=True, written=False),
            Field("CreatedDate", "datetime", written=False),
            _ref("ts2__Candidate_Source__c", "ts2__Source__c"),
            _ref("ts2__AccountContact__c", "Contact"),
            _ref("ts2__Candidate_Contact__c", "Contact"),
            _ref("ts2__Job__c", "ts2__Job__c"),
            _ref("ts2__Application_Source__c", "ts2__Source__c"),
            _pick("ts2__Stage__c", "Application", "Submittal", "Offer"),
            _text("ts2__Application_Status__c", 80),
        ),
    },
    "TR1__": {
        "TR1__Job__c": (
            *_OWNED,
            _NAME,
            _text("TR1__Job_Number__c", 30),
            _pick("TR1__Status__c", "Open", "Filled"),
        ),
        "TR1__Application_V2__c": (
            Field("CreatedDate", "datetime", written=False),
            _ref("TR1__Applicant__c", "Contact"),
            _ref("TR1__Job__c", "TR1__Job__c"),
            _pick("TR1__Stage__c", "Application", "Submittal"),
            _pick("TR1__Source__c", "Web", restricted=True),
        ),
        "TR1__Submittal__c": (
            Field("CreatedDate", "datetime", written=False),
            _ref("TR1__Candidate__c", "Contact"),
            _ref("TR1__Job__c", "TR1__Job__c"),
            _pick("TR1__Stage__c", "Submitted", "Interview"),
        ),
    },
}
CANDIDATE_STATUS = _pick("TR1__Candidate_Status__c", "New", "Available", "Retired", restricted=True)
PREFIXES = {"Contact": "003", "Opportunity": "006", "User": "005", "RecordType": "012", "Task": "00T"}


def organisation(package: str) -> dict[str, dict[str, Field]]:
    """The objects of an organisation with that package (empty for none)."""
    tables = STANDARD | PACKAGES.get(package, {})
    found = {kind: {field.name: field for field in fields} for kind, fields in tables.items()}
    for fields in found.values():
        fields["Id"] = Field("Id", "id", 18, written=False)
    if package == "TR1__":
        found["Contact"][CANDIDATE_STATUS.name] = CANDIDATE_STATUS
    return found
