"""Planning that thinks: other calendars, the weather watch, series, lengths, what suggestions learn from"""

import sqlalchemy as sa
from alembic import op

revision = '0003'
down_revision = '0002'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('busy_calendar',
    sa.Column('kind', sa.String(length=10), nullable=False),
    sa.Column('sealed', sa.LargeBinary(), nullable=False),
    sa.Column('due_at', sa.DateTime(), nullable=False),
    sa.Column('claimed_until', sa.DateTime(), nullable=True),
    sa.Column('read_at', sa.DateTime(), nullable=True),
    sa.Column('etag', sa.String(length=200), nullable=True),
    sa.Column('last_modified', sa.String(length=60), nullable=True),
    sa.Column('problem', sa.String(length=20), nullable=True),
    sa.Column('failures', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(), nullable=False),
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.Column('coach_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('owner_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.ForeignKeyConstraint(['owner_id', 'coach_id'], ['coach.owner_id', 'coach.id'], name=op.f('fk_busy_calendar_owner_id_coach_id_coach')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_busy_calendar')),
    sa.UniqueConstraint('owner_id', 'coach_id', 'id', name=op.f('uq_busy_calendar_owner_id_coach_id_id'))
    )
    with op.batch_alter_table('busy_calendar', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_busy_calendar_due_at'), ['due_at'], unique=False)

    op.create_table('busy_time',
    sa.Column('calendar_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('starts_at', sa.DateTime(), nullable=False),
    sa.Column('ends_at', sa.DateTime(), nullable=False),
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.Column('coach_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('owner_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.ForeignKeyConstraint(['owner_id', 'coach_id', 'calendar_id'], ['busy_calendar.owner_id', 'busy_calendar.coach_id', 'busy_calendar.id'], name=op.f('fk_busy_time_owner_id_coach_id_calendar_id_busy_calendar'), onupdate='CASCADE', ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_busy_time'))
    )
    with op.batch_alter_table('busy_time', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_busy_time_owner_id_coach_id_ends_at'), ['owner_id', 'coach_id', 'ends_at'], unique=False)

    op.create_table('series',
    sa.Column('every_weeks', sa.Integer(), nullable=False),
    sa.Column('until_on', sa.Date(), nullable=False),
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.Column('client_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('coach_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('owner_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.ForeignKeyConstraint(['owner_id', 'coach_id', 'client_id'], ['client.owner_id', 'client.coach_id', 'client.id'], name=op.f('fk_series_owner_id_coach_id_client_id_client'), onupdate='CASCADE', ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_series')),
    sa.UniqueConstraint('owner_id', 'coach_id', 'client_id', 'id', name=op.f('uq_series_owner_id_coach_id_client_id_id'))
    )
    with op.batch_alter_table('series', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_series_owner_id_client_id'), ['owner_id', 'client_id'], unique=False)

    op.create_table('exercise_choice',
    sa.Column('walk_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('exercise_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('taken', sa.Boolean(), nullable=False),
    sa.Column('chosen_at', sa.DateTime(), nullable=False),
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.Column('client_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('coach_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('owner_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.ForeignKeyConstraint(['owner_id', 'coach_id', 'client_id', 'walk_id'], ['walk.owner_id', 'walk.coach_id', 'walk.client_id', 'walk.id'], name=op.f('fk_exercise_choice_owner_id_coach_id_client_id_walk_id_walk'), onupdate='CASCADE', ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['owner_id', 'exercise_id'], ['exercise.owner_id', 'exercise.id'], name=op.f('fk_exercise_choice_owner_id_exercise_id_exercise')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_exercise_choice')),
    sa.UniqueConstraint('owner_id', 'walk_id', 'exercise_id', name=op.f('uq_exercise_choice_owner_id_walk_id_exercise_id'))
    )
    with op.batch_alter_table('exercise_choice', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_exercise_choice_owner_id_client_id_exercise_id'), ['owner_id', 'client_id', 'exercise_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_exercise_choice_owner_id_exercise_id'), ['owner_id', 'exercise_id'], unique=False)

    op.create_table('weather_watch',
    sa.Column('walk_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('about_at', sa.DateTime(), nullable=False),
    sa.Column('known', sa.Text(), nullable=False),
    sa.Column('line', sa.String(length=10), nullable=True),
    sa.Column('said_at', sa.DateTime(), nullable=True),
    sa.Column('seen_at', sa.DateTime(), nullable=True),
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.Column('client_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('coach_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('owner_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.ForeignKeyConstraint(['owner_id', 'coach_id', 'client_id', 'walk_id'], ['walk.owner_id', 'walk.coach_id', 'walk.client_id', 'walk.id'], name=op.f('fk_weather_watch_owner_id_coach_id_client_id_walk_id_walk'), onupdate='CASCADE', ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_weather_watch')),
    sa.UniqueConstraint('owner_id', 'walk_id', name=op.f('uq_weather_watch_owner_id_walk_id'))
    )
    with op.batch_alter_table('weather_watch', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_weather_watch_owner_id_client_id'), ['owner_id', 'client_id'], unique=False)

    with op.batch_alter_table('plan_item', schema=None) as batch_op:
        batch_op.add_column(sa.Column('at_minute', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('waypoint_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True))

    with op.batch_alter_table('walk', schema=None) as batch_op:
        batch_op.add_column(sa.Column('series_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True))
        batch_op.add_column(sa.Column('length', sa.String(length=8), nullable=False, server_default='normal'))
        batch_op.add_column(sa.Column('normal_minutes', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('asks_first', sa.Boolean(), nullable=False, server_default=sa.false()))
        batch_op.create_index(batch_op.f('ix_walk_owner_id_series_id'), ['owner_id', 'series_id'], unique=False)
        batch_op.create_foreign_key(batch_op.f('fk_walk_owner_id_coach_id_client_id_series_id_series'), 'series', ['owner_id', 'coach_id', 'client_id', 'series_id'], ['owner_id', 'coach_id', 'client_id', 'id'], onupdate='CASCADE')


def downgrade() -> None:
    # ### commands auto generated by Alembic - please adjust! ###
    with op.batch_alter_table('walk', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('fk_walk_owner_id_coach_id_client_id_series_id_series'), type_='foreignkey')
        batch_op.drop_index(batch_op.f('ix_walk_owner_id_series_id'))
        batch_op.drop_column('asks_first')
        batch_op.drop_column('normal_minutes')
        batch_op.drop_column('length')
        batch_op.drop_column('series_id')

    with op.batch_alter_table('plan_item', schema=None) as batch_op:
        batch_op.drop_column('waypoint_id')
        batch_op.drop_column('at_minute')

    with op.batch_alter_table('weather_watch', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_weather_watch_owner_id_client_id'))

    op.drop_table('weather_watch')
    with op.batch_alter_table('exercise_choice', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_exercise_choice_owner_id_exercise_id'))
        batch_op.drop_index(batch_op.f('ix_exercise_choice_owner_id_client_id_exercise_id'))

    op.drop_table('exercise_choice')
    with op.batch_alter_table('series', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_series_owner_id_client_id'))

    op.drop_table('series')
    with op.batch_alter_table('busy_time', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_busy_time_owner_id_coach_id_ends_at'))

    op.drop_table('busy_time')
    with op.batch_alter_table('busy_calendar', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_busy_calendar_due_at'))

    op.drop_table('busy_calendar')
    # ### end Alembic commands ###
