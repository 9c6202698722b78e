"""The money screen's question in the address: one case, or the account money is followed to or from."""

from funds.claims import reported_payments
from graph.contract import Ref
from ui import deep_links
from ui.desk import Desk
from ui.money.question import Question
from ui.navigate import ask_money


def taken_from_link(desk: Desk) -> None:
    """Ask what the address asks for, before the question is drawn; a handle of nothing here asks nothing."""
    case = deep_links.asked("case")
    if case is not None:
        for number in reported_payments(desk.tables)["case"].unique().sort().to_list():
            if desk.handles.of_ref(Ref("Case", number)) == case:
                ask_money(Ref("Case", number), desk.scope.key(Ref("Case", number)))
                return
    account = deep_links.asked("account")
    if account is not None:
        for key in desk.tables.scan("Account").select("key").collect()["key"].to_list():
            if desk.handles.of_ref(Ref("Account", key)) == account:
                ask_money(Ref("Account", key), desk.scope.key(Ref("Account", key)))
                return


def said_in_link(desk: Desk, question: Question | None) -> None:
    """What the address may say of a question: a single case or an account, by handle."""
    case = account = None
    if question is not None and question.account is not None:
        account = desk.handles.of_ref(Ref("Account", question.account))
    elif question is not None and question.victims is not None and len(question.victims) == 1:
        case = desk.handles.of_ref(Ref("Case", question.victims[0]))
    deep_links.shown("money", case=case, account=account)
