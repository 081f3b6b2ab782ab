"""What each phase of recovery asks of a walk (domain.md 5.1). Coach and client choose the phase; it is never worked
out, and these are hints. Length, level and load are minded by the proposal too; the rest is for the coach to do."""

from __future__ import annotations

PHASE_HINTS: dict[str, tuple[str, ...]] = {
    "crisis": ("minutes_20_30", "flat_and_near", "low_load", "one_home_step", "ask_gp"),
    "problem_solving": ("minutes_30_45", "boundary_and_energy", "real_situations"),
    "application": ("minutes_to_60", "harder_no", "work_plan", "relapse_plan"),
}
HINT_CODES = tuple(dict.fromkeys(code for codes in PHASE_HINTS.values() for code in codes))


def hints(phase: str | None) -> tuple[str, ...]:
    """None while no phase was chosen."""
    return PHASE_HINTS[phase] if phase is not None else ()
