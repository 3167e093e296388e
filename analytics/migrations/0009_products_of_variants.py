from django.db import migrations, models

# Whole numbers added up as such: PostgreSQL's own sum of bigint is a numeric.
ADD_UP = """
CREATE AGGREGATE bigint_sum (bigint) (
    sfunc = int8pl, stype = bigint, initcond = '0', combinefunc = int8pl, parallel = safe
)
"""
# Orders of products are not known yet: each day is summed again, and so are the sums of days.
SUM_AGAIN = [
    """
    INSERT INTO shop_data_rollupmark (tenant_id, id, day)
    SELECT tenant_id, gen_random_uuid(), day FROM analytics_variantday GROUP BY tenant_id, day
    """,
    "DELETE FROM analytics_varianttodate",
    "DELETE FROM analytics_producttodate",
]


class Migration(migrations.Migration):
    """Sum products from their variants, and whole numbers as such."""

    dependencies = [
        ("analytics", "0008_variants_to_date"),
        ("shop_data", "0012_what_carts_hold"),
    ]

    operations = [
        migrations.RunSQL(ADD_UP, "DROP AGGREGATE bigint_sum (bigint)"),
        migrations.RunSQL(SUM_AGAIN, migrations.RunSQL.noop),
        migrations.AddField("variantday", "product_orders", models.BigIntegerField(default=0), preserve_default=False),
        migrations.AddField("varianttodate", "product_orders", models.BigIntegerField(default=0), preserve_default=False),
        migrations.DeleteModel("ProductDay"),
    ]
