"""Ownership when one object leads to another. No model of ours has a relationship yet; the walls must hold the day one
does. Two small tables of our own stand in."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine, ForeignKey, String, select
from sqlalchemy.orm import (
    DeclarativeBase,
    Mapped,
    Session,
    aliased,
    contains_eager,
    deferred,
    joinedload,
    lazyload,
    mapped_column,
    raiseload,
    relationship,
    selectinload,
    subqueryload,
)

from planner.models import EVERYONE, Forbidden, Scope
from planner.models.base import BigId, make_engine
from planner.models.ownership import CoachOwned, guard_sessions, guard_sql, scoped
from tests.conftest import World

ANNA, COR, BRAM = Scope(1, 11), Scope(1, 12), Scope(2, 21)


class Small(DeclarativeBase):
    pass


class SmallSession(Session):
    pass


guard_sessions(SmallSession)


class Parent(CoachOwned, Small):
    __tablename__ = "small_parent"
    id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=False)
    name: Mapped[str] = mapped_column(String(20))
    secret: Mapped[str] = deferred(mapped_column(String(20)))
    children: Mapped[list[Child]] = relationship(back_populates="parent", order_by="Child.id")


class Child(CoachOwned, Small):
    """Without composite keys on purpose: some hang on another's parent."""

    __tablename__ = "small_child"
    id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=False)
    parent_id: Mapped[int] = mapped_column(BigId, ForeignKey("small_parent.id"))
    parent: Mapped[Parent] = relationship(back_populates="children")


@pytest.fixture
def engine(world: World) -> Iterator[Engine]:
    """Parents 1 (Anna), 2 (Cor), 3 (Bram), and under each of them a child of every coach: 11, 12, 13, 21, ..."""
    made = make_engine(world.settings.database_url)
    Small.metadata.create_all(made)
    guard_sql(made, Small)
    with scoped(EVERYONE), SmallSession(made, info={"scope": EVERYONE}) as session:
        for number, who in enumerate((ANNA, COR, BRAM), 1):
            whose = {"owner_id": who.owner_id, "coach_id": who.coach_id}
            session.add(Parent(id=number, name=f"p{number}", secret=f"s{number}", **whose))
            session.flush()
            session.add_all(
                Child(id=10 * parent + number, parent_id=parent, **whose) for parent in range(1, number + 1)
            )
        session.commit()
    yield made
    made.dispose()


def as_(scope: Scope, engine: Engine) -> SmallSession:
    return SmallSession(engine, info={"scope": scope})


LOADS = {
    "lazy": lazyload, "joined": joinedload, "select in": selectinload, "subquery": subqueryload,
}  # fmt: skip


@pytest.mark.parametrize("how", LOADS)
def test_children_of_others_are_not_loaded_along(engine: Engine, how: str) -> None:
    with scoped(ANNA), as_(ANNA, engine) as session:
        found = session.scalars(select(Parent).options(LOADS[how](Parent.children))).unique().all()
        assert [parent.id for parent in found] == [1]
        assert [child.id for child in found[0].children] == [11]


@pytest.mark.parametrize("how", LOADS)
def test_a_parent_of_another_is_not_loaded_along(engine: Engine, how: str) -> None:
    """Cor has a child under Anna's parent; Bram under both."""
    with scoped(BRAM), as_(BRAM, engine) as session:
        found = session.scalars(select(Child).options(LOADS[how](Child.parent)).order_by(Child.id)).all()
        assert [(child.id, child.parent and child.parent.id) for child in found] == [
            (13, None), (23, None), (33, 3),
        ]  # fmt: skip


def test_a_join_along_the_relationship(engine: Engine) -> None:
    with scoped(COR), as_(COR, engine) as session:
        rows = session.execute(select(Parent.id, Child.id).join(Parent.children)).all()
        assert [tuple(row) for row in rows] == [(2, 22)]
        eager = select(Parent).join(Parent.children).options(contains_eager(Parent.children))
        assert [child.id for child in session.scalars(eager).unique().one().children] == [22]
        other = aliased(Child)
        assert session.scalars(select(other.id).join(Parent.children.of_type(other))).all() == [22]
        assert session.scalars(select(Parent.id).where(Parent.children.any(Child.parent_id == 2))).all() == [
            2
        ]
        assert session.scalars(select(Child.id).where(Child.parent.has(Parent.name == "p1"))).all() == []


def test_expired_and_deferred_attributes(engine: Engine) -> None:
    with scoped(ANNA), as_(ANNA, engine) as session:
        parent = session.get_one(Parent, 1)
        assert parent.secret == "s1"
        session.expire(parent)
        assert (parent.name, [child.id for child in parent.children]) == ("p1", [11])
        session.refresh(parent, ["children"])
        assert [child.id for child in parent.children] == [11]


def test_what_is_not_loaded_stays_so(engine: Engine) -> None:
    with scoped(ANNA), as_(ANNA, engine) as session:
        assert session.get(Parent, 2, options=[raiseload(Parent.children)]) is None


def test_a_child_given_to_another_parent_along_a_relationship_stays_ones_own(engine: Engine) -> None:
    """Adding through the relationship is checked at the flush like any other."""
    with scoped(ANNA), as_(ANNA, engine) as session:
        parent = session.get_one(Parent, 1)
        parent.children.append(Child(id=99, owner_id=2, coach_id=21))
        with pytest.raises(Forbidden):
            session.flush()
