"""What a rule of a place does, shown with one rule at a time."""

from datetime import date, timedelta

import pytest

from filings.decision import FactsError, Rulebook, decide
from tests.filings.decision.making import TODAY, answer, codes, make_facts, make_rule

DAY = timedelta(days=1)
NO_PROOF = {"documents": [["id_document"]], "promise": "not_applicable"}


# ── who decides ──


def test_a_place_that_opens_at_once_does_so():
    decision = answer(make_rule())
    assert decision.outcome == "instant"
    assert decision.rule_key == "320100:LT-RES:inter_province:310"
    assert decision.rule_version == date(2020, 1, 1)


def test_a_place_that_reviews_names_its_working_days():
    decision = answer(make_rule(mode="review", statutory_days_online=2))
    assert decision.outcome == "review"
    assert "2个工作日" in next(r.text for r in decision.reasons if r.code == "review_days")
    assert "no_rule" not in codes(decision)


def test_a_place_that_has_not_published_who_decides_leaves_it_to_a_clerk():
    decision = answer(make_rule(mode="unpublished"))
    assert decision.outcome == "review"
    assert "审核方式" in next(r.text for r in decision.reasons if r.code == "no_rule")


def test_other_insurance_is_another_rule():
    decision = answer(make_rule(), insurance="390")
    assert (decision.outcome, decision.rule_key) == ("review", None)
    assert codes(decision) == ["no_rule"]


def test_the_most_specific_place_wins_whole():
    rules = [
        make_rule(place="000000", **NO_PROOF, benefit_level="unknown"),
        make_rule(place="320000", mode="review"),
        make_rule(place="320100"),
        make_rule(place="320102", mode="review", note="区"),
    ]
    book = Rulebook.from_rules(rules)

    def place_for(insured_area):
        return decide(make_facts(insured_area=insured_area), book).rule_key[:6]

    assert place_for("320102") == "320102"
    assert place_for("320104") == "320100"
    assert place_for("320199") == "320100"
    assert place_for("320200") == "320000"
    assert place_for("330100") == "000000"


def test_a_county_that_is_silent_today_goes_by_the_city():
    rules = [make_rule(), make_rule(place="320102", mode="review", valid_from="2027-01-01")]
    book = Rulebook.from_rules(rules)
    assert decide(make_facts(), book).outcome == "instant"
    assert decide(make_facts(today=date(2027, 1, 1)), book).outcome == "review"


def test_a_rule_for_some_destinations_goes_before_the_plain_one():
    narrowed = make_rule(variant="川", destinations=["510000"], mode="review")
    book = Rulebook.from_rules([make_rule(), narrowed])
    assert decide(make_facts(), book).outcome == "review"
    assert decide(make_facts(destination="520100"), book).outcome == "instant"


# ── from which day ──


def test_next_day_means_tomorrow():
    decision = answer(make_rule(effective="next_day"))
    assert decision.valid_from == TODAY + DAY
    assert "effective_next_day" in codes(decision)


def test_next_day_leaves_a_later_start_alone():
    decision = answer(make_rule(effective="next_day"), start=TODAY + 5 * DAY)
    assert decision.valid_from == TODAY + 5 * DAY


def test_next_day_never_leaves_the_stay_uncovered():
    decision = answer(make_rule(effective="next_day"), admitted_on=TODAY)
    assert decision.valid_from == TODAY


def test_an_end_before_the_moved_start_is_refused():
    rule = make_rule(effective="next_day", end_chosen=True)
    with pytest.raises(FactsError) as caught:
        answer(rule, end=TODAY)
    assert caught.value.field == "end"


def test_back_dating_within_the_limit_is_taken_as_asked():
    decision = answer(make_rule(backdate_days=5), start=TODAY - 5 * DAY)
    assert (decision.outcome, decision.valid_from) == ("instant", TODAY - 5 * DAY)


def test_back_dating_beyond_the_limit_begins_at_the_limit_and_says_so():
    decision = answer(make_rule(backdate_days=5), start=TODAY - 6 * DAY)
    assert (decision.outcome, decision.valid_from) == ("instant", TODAY - 5 * DAY)
    assert "start_moved_to_limit" in codes(decision)


def test_back_dating_where_nothing_is_published_is_for_a_clerk():
    decision = answer(make_rule(), start=TODAY - DAY)
    assert (decision.outcome, decision.valid_from) == ("review", TODAY - DAY)
    assert "no_rule" in codes(decision)


def test_back_dating_before_the_admission_is_limited_too():
    admitted = TODAY - 2 * DAY
    rule = make_rule(backdate_days=5)
    asked = answer(rule, admitted_on=admitted, start=TODAY - 30 * DAY)
    assert asked.valid_from == TODAY - 5 * DAY
    longer_ago = TODAY - 9 * DAY
    covered = answer(rule, admitted_on=longer_ago, start=TODAY - 30 * DAY)
    assert covered.valid_from == longer_ago


def test_in_hospital_goes_first_in_the_queue():
    assert answer(make_rule(), admitted_on=TODAY).in_hospital
    assert not answer(make_rule(), admitted_on=TODAY, discharged_on=TODAY).in_hospital
    assert not answer(make_rule()).in_hospital


# ── until which day ──


def test_months_run_from_the_first_day():
    rule = make_rule(validity="months", validity_months=6)
    decision = answer(rule, start=date(2027, 8, 31))
    assert decision.valid_to == date(2028, 2, 29)


def test_the_end_of_a_filing_does_not_move_off_a_holiday():
    rule = make_rule(validity="months", validity_months=1)
    decision = answer(rule, today=date(2026, 9, 1))
    assert decision.valid_to == date(2026, 10, 1)


def test_an_unpublished_validity_is_no_end_and_no_long_term():
    decision = answer(make_rule(validity="unpublished", floor_months=6))
    assert decision.valid_to is None
    assert decision.validity == "unpublished"
    assert decision.floor_until == date(2027, 5, 20)
    assert "valid_long_term" not in codes(decision)


def test_an_end_that_the_person_chose_is_no_long_term():
    rule = make_rule(end_chosen=True)
    chosen = answer(rule, end=TODAY + 30 * DAY)
    assert (chosen.valid_to, chosen.validity) == (TODAY + 30 * DAY, "chosen")
    left_open = answer(rule)
    assert (left_open.valid_to, left_open.validity) == (None, "long_term")


def test_the_longer_of_two_locks_counts():
    decision = answer(make_rule(change_lock_months=3, cancel_lock_months=6))
    assert decision.locked_until == date(2027, 5, 20)
    decision = answer(make_rule(change_lock_months=3, cancel_lock_months=0))
    assert decision.locked_until == date(2027, 2, 20)


def test_a_lock_that_is_not_published_is_not_invented():
    decision = answer(make_rule(lock_ceiling_months=6))
    assert decision.locked_until is None
    assert "lock_unpublished" in codes(decision)


# ── promise ──

OWED = {"supply_owed": True, "unsupplied": "cancel"}


def test_promised_papers_are_due_from_today_and_never_on_a_free_day():
    decision = answer(make_rule(**OWED, supply_days=15), promise=True, start=TODAY + 90 * DAY)
    assert decision.supply_by == date(2026, 12, 7)  # 15 days on is a Saturday
    assert "unsupplied_cancel" in codes(decision)


def test_months_to_supply_count_too():
    decision = answer(make_rule(**OWED, supply_months=2), promise=True)
    assert decision.supply_by == date(2027, 1, 20)


def test_the_calendar_is_the_callers():
    def never_friday(day):
        return day + DAY if day.weekday() == 4 else day

    facts = make_facts(promise=True)
    book = Rulebook.from_rules([make_rule(**OWED, supply_days=7)])
    assert decide(facts, book, never_friday).supply_by == TODAY + 8 * DAY


def test_without_a_promise_nothing_is_owed_later():
    decision = answer(make_rule(**OWED, supply_days=15))
    assert decision.supply_by is None
    assert decision.promise_allowed
    assert decision.documents == (("id_document",), ("residence_permit",))


@pytest.mark.parametrize(
    ("rule", "code"),
    [
        ({"supply_owed": False}, "promise_nothing_owed"),
        ({"supply_owed": None, "unsupplied": "unpublished"}, "promise_owed_unpublished"),
        (
            {"supply_owed": True, "unsupplied": "unpublished"},
            "promise_supply_unpublished",
        ),
        ({"supply_owed": True, "unsupplied": "unpublished"}, "unsupplied_unpublished"),
        ({"supply_owed": True, "unsupplied": "ban", "ban_months": 24}, "unsupplied_ban"),
    ],
)
def test_what_a_promise_means_is_said(rule, code):
    decision = answer(make_rule(**rule), promise=True)
    assert code in codes(decision)
    assert decision.supply_by is None
    assert decision.documents == (("id_document",), ("promise_letter",))


def test_the_number_of_a_ban_is_in_the_sentence():
    rule = make_rule(supply_owed=True, unsupplied="ban", ban_months=24)
    decision = answer(rule, promise=True)
    assert "24个月" in next(r.text for r in decision.reasons if r.code == "unsupplied_ban")


# ── discharged and paid ──

PAID = {"admitted_on": TODAY - 9 * DAY, "discharged_on": TODAY - DAY, "self_paid": True}


def test_late_filing_where_nothing_is_published_is_for_a_clerk():
    decision = answer(make_rule(), **PAID)
    assert (decision.outcome, decision.benefit_level) == ("review", "unknown")
    assert "no_rule" in codes(decision)


def test_late_filing_where_the_place_takes_it_is_reviewed_by_its_rule():
    decision = answer(make_rule(late_filing="claim"), **PAID)
    assert (decision.outcome, decision.benefit_level) == ("review", "full")
    assert "late_filing_accepted" in codes(decision)
    assert "no_rule" not in codes(decision)


def test_late_filing_where_the_place_does_not_take_it_is_refused():
    decision = answer(make_rule(late_filing="not_accepted"), **PAID)
    assert (decision.outcome, decision.benefit_level) == ("refused", "unfiled")
    assert codes(decision) == ["late_filing_refused"]
    assert decision.valid_from is None


def test_discharged_but_not_settled_files_before_settling():
    decision = answer(make_rule(late_filing="not_accepted"), **(PAID | {"self_paid": False}))
    assert decision.outcome == "instant"
    assert decision.valid_from == PAID["admitted_on"]
    assert "settle_after_filing" in codes(decision)


# ── no filing needed ──

VOLUNTARY = {
    "scope": "intra_province",
    "need": "voluntary",
    "reasons": ["province_exempt", "keep_ratio_by_filing"],
}


def test_who_need_not_file_may_do_so_to_keep_the_benefit():
    rule = make_rule(**VOLUNTARY)
    decision = answer(rule, destination="320500")
    assert (decision.outcome, decision.may_file) == ("not_needed", True)
    assert decision.documents == (("residence_permit",),)
    assert decision.valid_from is None
    filed = answer(rule, destination="320500", voluntary=True)
    assert (filed.outcome, filed.valid_from) == ("instant", TODAY)


def test_where_no_filing_is_taken_wanting_one_changes_nothing():
    rule = make_rule(scope="intra_province", need="exempt", reasons=["province_exempt"], **NO_PROOF)
    decision = answer(rule, destination="320500", voluntary=True)
    assert (decision.outcome, decision.may_file) == ("not_needed", False)
    assert decision.documents == ()


def test_birth_in_another_province_is_refused_with_what_to_do():
    decision = answer(make_rule(), category="INTRA-BIRTH")
    assert decision.outcome == "refused"
    assert "改选" in decision.reasons[0].text


# ── the JSON of an answer ──


def test_an_answer_has_the_fields_of_the_interface_in_their_order():
    decision = answer(make_rule(validity="months", validity_months=3))
    assert list(decision.as_dict()) == [
        "outcome",
        "category",
        "scope",
        "destination_area",
        "valid_from",
        "valid_to",
        "locked_until",
        "documents",
        "promise_allowed",
        "supply_by",
        "benefit",
        "reasons",
    ]
    assert decision.as_dict()["valid_to"] == "2027-02-20"
    assert set(decision.as_dict()["benefit"]) == {"level", "text"}
    assert all(set(r) == {"code", "text", "source"} for r in decision.as_dict()["reasons"])
