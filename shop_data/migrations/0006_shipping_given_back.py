from django.db import migrations

DERIVE_AGAIN = """
INSERT INTO shop_data_rederivation (tenant_id, id, done_to)
SELECT tenant_id, gen_random_uuid(), 0 FROM shop_data_sale
WHERE key LIKE 'refund:%:adjustment:%' AND line_type = 'shipping'
   OR key LIKE 'refund:%:shipping:%'
GROUP BY tenant_id
ON CONFLICT (tenant_id) DO UPDATE SET done_to = 0
"""


class Migration(migrations.Migration):
    """Name rows of refunded shipping after their place in the refund."""

    dependencies = [("shop_data", "0005_topics_and_privacy")]

    operations = [migrations.RunSQL(DERIVE_AGAIN, migrations.RunSQL.noop)]
