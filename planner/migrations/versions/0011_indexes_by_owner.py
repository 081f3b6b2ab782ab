"""What a coach's pages ask by status stands together by coach: the indexes of the jobs lead past everybody's rows"""

from alembic import op

revision = '0011'
down_revision = '0010'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('walk', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_walk_owner_id_coach_id_status_starts_at'), ['owner_id', 'coach_id', 'status', 'starts_at'], unique=False)

    with op.batch_alter_table('message', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_message_owner_id_coach_id_state_due_at'), ['owner_id', 'coach_id', 'state', 'due_at'], unique=False)


def downgrade() -> None:
    with op.batch_alter_table('message', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_message_owner_id_coach_id_state_due_at'))

    with op.batch_alter_table('walk', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_walk_owner_id_coach_id_status_starts_at'))
