"""A practice with colleagues: roles, invitations, clients shared for a period; row-level security on PostgreSQL"""

import sqlalchemy as sa
from alembic import op

from planner.migrations import row_security

revision = '0009'
down_revision = '0008'
branch_labels = None
depends_on = None

FIRST = """
    UPDATE coach SET role = 'lead' WHERE id IN (
        SELECT one.id FROM coach AS one JOIN account AS a ON a.coach_id = one.id
        WHERE a.disabled_at IS NULL AND NOT EXISTS (
            SELECT 1 FROM coach AS other JOIN account AS b ON b.coach_id = other.id
            WHERE b.disabled_at IS NULL AND other.owner_id = one.owner_id
            AND (other.created_at < one.created_at OR (other.created_at = one.created_at AND other.id < one.id))
        )
    )
"""
"""Whoever is in a practice longest looks after it, until they say otherwise."""


def upgrade() -> None:
    with op.batch_alter_table('coach', schema=None) as batch_op:
        batch_op.add_column(sa.Column('role', sa.String(length=10), server_default='coach', nullable=False))
    op.execute(FIRST)

    with op.batch_alter_table('setup_key', schema=None) as batch_op:
        batch_op.add_column(sa.Column('sealed', sa.LargeBinary(), nullable=True))
        batch_op.add_column(sa.Column('mail_at', sa.DateTime(), nullable=True))

    op.create_table('client_access',
    sa.Column('reader_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('sealed', sa.LargeBinary(), nullable=False),
    sa.Column('from_at', sa.DateTime(), nullable=False),
    sa.Column('until_at', sa.DateTime(), nullable=False),
    sa.Column('ended_at', sa.DateTime(), nullable=True),
    sa.Column('created_at', sa.DateTime(), nullable=False),
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.Column('client_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('coach_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('owner_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.ForeignKeyConstraint(['owner_id', 'coach_id', 'client_id'], ['client.owner_id', 'client.coach_id', 'client.id'], name=op.f('fk_client_access_owner_id_coach_id_client_id_client'), onupdate='CASCADE', ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['owner_id', 'reader_id'], ['coach.owner_id', 'coach.id'], name=op.f('fk_client_access_owner_id_reader_id_coach')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_client_access'))
    )
    with op.batch_alter_table('client_access', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_client_access_owner_id_client_id'), ['owner_id', 'client_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_client_access_owner_id_reader_id_until_at'), ['owner_id', 'reader_id', 'until_at'], unique=False)

    row_security.hold(op.get_bind())


def downgrade() -> None:
    row_security.release(op.get_bind())

    with op.batch_alter_table('client_access', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_client_access_owner_id_reader_id_until_at'))
        batch_op.drop_index(batch_op.f('ix_client_access_owner_id_client_id'))

    op.drop_table('client_access')
    with op.batch_alter_table('setup_key', schema=None) as batch_op:
        batch_op.drop_column('mail_at')
        batch_op.drop_column('sealed')

    with op.batch_alter_table('coach', schema=None) as batch_op:
        batch_op.drop_column('role')
