from django.db import migrations, models

# Each day with checkouts is summed anew.
FORGET = "DELETE FROM analytics_checkoutday"
SUM_UP = """
INSERT INTO shop_data_rollupmark (tenant_id, id, day)
SELECT tenant_id, gen_random_uuid(), day FROM shop_data_abandonedcart
WHERE day IS NOT NULL GROUP BY tenant_id, day
"""


def count(name):
    return migrations.AddField(
        model_name='checkoutday',
        name=name,
        field=models.BigIntegerField(default=0),
        preserve_default=False,
    )


class Migration(migrations.Migration):

    dependencies = [
        ('analytics', '0010_checkouts_by_day'),
        ('shop_data', '0016_search_by_sku'),
    ]

    operations = [
        migrations.RunSQL(FORGET, migrations.RunSQL.noop),
        migrations.RunSQL(SUM_UP, migrations.RunSQL.noop),
        migrations.RemoveConstraint(model_name='checkoutday', name='checkout_day_one'),
        migrations.AddField(
            model_name='checkoutday',
            name='currency',
            field=models.CharField(blank=True, default='', max_length=3),
            preserve_default=False,
        ),
        count('left_value'),
        count('with_email'),
        count('recovered'),
        count('recovered_value'),
        migrations.AddConstraint(
            model_name='checkoutday',
            constraint=models.UniqueConstraint(fields=('tenant', 'day', 'currency'), name='checkout_day_one'),
        ),
    ]
