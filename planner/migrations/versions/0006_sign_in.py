"""Signing in with a second step: codes, passkeys, recovery codes, a new password, devices"""

import sqlalchemy as sa
from alembic import op

revision = '0006'
down_revision = '0005'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('used_challenge',
    sa.Column('digest', sa.LargeBinary(), nullable=False),
    sa.Column('expires_at', sa.DateTime(), nullable=False),
    sa.PrimaryKeyConstraint('digest', name=op.f('pk_used_challenge'))
    )
    op.create_table('reset_request',
    sa.Column('digest', sa.LargeBinary(), nullable=False),
    sa.Column('asked_at', sa.DateTime(), nullable=False),
    sa.Column('due_at', sa.DateTime(), nullable=False),
    sa.PrimaryKeyConstraint('digest', name=op.f('pk_reset_request'))
    )
    op.create_table('reset_key',
    sa.Column('digest', sa.LargeBinary(), nullable=False),
    sa.Column('coach_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('owner_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('expires_at', sa.DateTime(), nullable=False),
    sa.ForeignKeyConstraint(['coach_id'], ['coach.id'], name=op.f('fk_reset_key_coach_id_coach'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('digest', name=op.f('pk_reset_key'))
    )
    with op.batch_alter_table('reset_key', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_reset_key_coach_id'), ['coach_id'], unique=False)

    op.create_table('recovery_code',
    sa.Column('digest', sa.LargeBinary(), nullable=False),
    sa.Column('coach_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.ForeignKeyConstraint(['coach_id'], ['coach.id'], name=op.f('fk_recovery_code_coach_id_coach'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('digest', name=op.f('pk_recovery_code'))
    )
    with op.batch_alter_table('recovery_code', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_recovery_code_coach_id'), ['coach_id'], unique=False)

    op.create_table('passkey',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.Column('credential_id', sa.LargeBinary(), nullable=False),
    sa.Column('coach_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('owner_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('public_key', sa.LargeBinary(), nullable=False),
    sa.Column('sign_count', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('name_sealed', sa.LargeBinary(), nullable=False),
    sa.Column('created_at', sa.DateTime(), nullable=False),
    sa.Column('used_at', sa.DateTime(), nullable=True),
    sa.ForeignKeyConstraint(['coach_id'], ['coach.id'], name=op.f('fk_passkey_coach_id_coach'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_passkey')),
    sa.UniqueConstraint('credential_id', name=op.f('uq_passkey_credential_id'))
    )
    with op.batch_alter_table('passkey', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_passkey_coach_id'), ['coach_id'], unique=False)

    with op.batch_alter_table('account', schema=None) as batch_op:
        batch_op.add_column(sa.Column('totp_sealed', sa.LargeBinary(), nullable=True))
        batch_op.add_column(sa.Column('totp_step', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True))

    with op.batch_alter_table('sign_in', schema=None) as batch_op:
        batch_op.add_column(sa.Column('strong_at', sa.DateTime(), nullable=True))
        batch_op.add_column(sa.Column('agent', sa.String(length=30), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table('sign_in', schema=None) as batch_op:
        batch_op.drop_column('agent')
        batch_op.drop_column('strong_at')

    with op.batch_alter_table('account', schema=None) as batch_op:
        batch_op.drop_column('totp_step')
        batch_op.drop_column('totp_sealed')

    with op.batch_alter_table('passkey', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_passkey_coach_id'))

    op.drop_table('passkey')
    with op.batch_alter_table('recovery_code', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_recovery_code_coach_id'))

    op.drop_table('recovery_code')
    with op.batch_alter_table('reset_key', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_reset_key_coach_id'))

    op.drop_table('reset_key')
    op.drop_table('reset_request')
    op.drop_table('used_challenge')
