"""Erasures, requests of clients, corrections, and the registers of a practice"""

import sqlalchemy as sa
from alembic import op

revision = '0008'
down_revision = '0007'
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')


def _of_client(table):
    return sa.ForeignKeyConstraint(['owner_id', 'coach_id', 'client_id'], ['client.owner_id', 'client.coach_id', 'client.id'], name=op.f(f'fk_{table}_owner_id_coach_id_client_id_client'), onupdate='CASCADE', ondelete='CASCADE')


def upgrade() -> None:
    op.create_table('erasure',
    sa.Column('client_id', BIG, nullable=False),
    sa.Column('erased_at', sa.DateTime(), nullable=False),
    sa.Column('asked_on', sa.Date(), nullable=True),
    sa.Column('id', BIG, autoincrement=False, nullable=False),
    sa.Column('owner_id', BIG, nullable=False),
    sa.ForeignKeyConstraint(['owner_id'], ['practice.id'], name=op.f('fk_erasure_owner_id_practice')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_erasure')),
    sa.UniqueConstraint('owner_id', 'client_id', name=op.f('uq_erasure_owner_id_client_id'))
    )
    op.create_table('register_entry',
    sa.Column('kind', sa.String(length=12), nullable=False),
    sa.Column('key', sa.String(length=40), nullable=True),
    sa.Column('sealed', sa.LargeBinary(), nullable=False),
    sa.Column('created_at', sa.DateTime(), nullable=False),
    sa.Column('changed_at', sa.DateTime(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('id', BIG, autoincrement=False, nullable=False),
    sa.Column('owner_id', BIG, nullable=False),
    sa.ForeignKeyConstraint(['owner_id'], ['practice.id'], name=op.f('fk_register_entry_owner_id_practice')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_register_entry')),
    sa.UniqueConstraint('owner_id', 'kind', 'key', name=op.f('uq_register_entry_owner_id_kind_key'))
    )
    with op.batch_alter_table('register_entry', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_register_entry_owner_id_kind'), ['owner_id', 'kind'], unique=False)

    op.create_table('privacy_request',
    sa.Column('kind', sa.String(length=20), nullable=False),
    sa.Column('asked_on', sa.Date(), nullable=False),
    sa.Column('done_on', sa.Date(), nullable=True),
    sa.Column('sealed', sa.LargeBinary(), nullable=False),
    sa.Column('created_at', sa.DateTime(), nullable=False),
    sa.Column('id', BIG, autoincrement=False, nullable=False),
    sa.Column('client_id', BIG, nullable=False),
    sa.Column('coach_id', BIG, nullable=False),
    sa.Column('owner_id', BIG, nullable=False),
    _of_client('privacy_request'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_privacy_request'))
    )
    with op.batch_alter_table('privacy_request', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_privacy_request_owner_id_client_id'), ['owner_id', 'client_id'], unique=False)

    op.create_table('correction',
    sa.Column('kind', sa.String(length=20), nullable=False),
    sa.Column('object_id', BIG, nullable=False),
    sa.Column('corrected_at', sa.DateTime(), nullable=False),
    sa.Column('id', BIG, autoincrement=False, nullable=False),
    sa.Column('client_id', BIG, nullable=False),
    sa.Column('coach_id', BIG, nullable=False),
    sa.Column('owner_id', BIG, nullable=False),
    _of_client('correction'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_correction'))
    )
    with op.batch_alter_table('correction', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_correction_owner_id_client_id'), ['owner_id', 'client_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_correction_owner_id_object_id'), ['owner_id', 'object_id'], unique=False)


def downgrade() -> None:
    with op.batch_alter_table('correction', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_correction_owner_id_object_id'))
        batch_op.drop_index(batch_op.f('ix_correction_owner_id_client_id'))

    op.drop_table('correction')
    with op.batch_alter_table('privacy_request', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_privacy_request_owner_id_client_id'))

    op.drop_table('privacy_request')
    with op.batch_alter_table('register_entry', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_register_entry_owner_id_kind'))

    op.drop_table('register_entry')
    op.drop_table('erasure')
