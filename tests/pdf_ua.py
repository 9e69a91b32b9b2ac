"""A PDF held against PDF/UA-1 by a validator: 104 rules of ISO 14289-1, those that a machine can check."""

import page as validator


def find_faults(made: bytes) -> list[str]:
    """The rules that a document breaks, each with what is wrong; nothing where it is PDF/UA-1."""
    report = validator.validate_pdf_bytes(made, profile="ua1")
    assert report.rules.total >= 100, "the validator knows the rules"
    return [f"{one.rule_id}: {one.message}" for one in report.failures]
