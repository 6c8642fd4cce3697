"""Forms of slates, counts and ratification."""

from elections.forms.fields import CountField, ReasonsForm
from elections.forms.ratification import DecisionForm
from elections.forms.slates import CardVoteForm, NominationForm

__all__ = ["CardVoteForm", "CountField", "DecisionForm", "NominationForm", "ReasonsForm"]
