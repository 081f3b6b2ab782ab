"""Routes on a map, and a photo of where one meets"""

import sqlalchemy as sa
from alembic import op

revision = '0005'
down_revision = '0004'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('route_picture',
    sa.Column('route_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('size', sa.String(length=12), nullable=False),
    sa.Column('digest', sa.String(length=64), nullable=False),
    sa.Column('webp', sa.LargeBinary(), nullable=True),
    sa.Column('png', sa.LargeBinary(), nullable=True),
    sa.Column('drawn_at', sa.DateTime(), nullable=True),
    sa.Column('tries', sa.Integer(), nullable=False),
    sa.Column('due_at', sa.DateTime(), nullable=True),
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.Column('owner_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.ForeignKeyConstraint(['owner_id', 'route_id'], ['route.owner_id', 'route.id'], name=op.f('fk_route_picture_owner_id_route_id_route'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_route_picture')),
    sa.UniqueConstraint('owner_id', 'route_id', 'size', name=op.f('uq_route_picture_owner_id_route_id_size'))
    )
    with op.batch_alter_table('route_picture', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_route_picture_due_at'), ['due_at'], unique=False)

    op.create_table('route_photo',
    sa.Column('route_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('revision', sa.String(length=16), nullable=False),
    sa.Column('width', sa.Integer(), nullable=False),
    sa.Column('height', sa.Integer(), nullable=False),
    sa.Column('alt_sealed', sa.LargeBinary(), nullable=False),
    sa.Column('sealed', sa.LargeBinary(), nullable=False),
    sa.Column('added_at', sa.DateTime(), nullable=False),
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.Column('owner_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.ForeignKeyConstraint(['owner_id', 'route_id'], ['route.owner_id', 'route.id'], name=op.f('fk_route_photo_owner_id_route_id_route'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_route_photo')),
    sa.UniqueConstraint('owner_id', 'route_id', name=op.f('uq_route_photo_owner_id_route_id'))
    )


def downgrade() -> None:
    op.drop_table('route_photo')
    with op.batch_alter_table('route_picture', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_route_picture_due_at'))

    op.drop_table('route_picture')
