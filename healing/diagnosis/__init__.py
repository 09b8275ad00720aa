"""ErrorContext -> Diagnosis: by rules, at once."""

from healing.diagnosis.model import Diagnosis, Recommendation

__all__ = ["Diagnosis", "Recommendation"]
