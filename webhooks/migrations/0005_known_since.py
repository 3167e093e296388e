from django.db import migrations

SINCE_THE_FIRST_DELIVERY = """
UPDATE tenants_tenantstate AS state SET known_since_at = first.received_at
FROM (
    SELECT tenant_id, min(received_at) AS received_at FROM webhooks_inboxevent
    WHERE topic LIKE 'orders/%' OR topic LIKE 'refunds/%' GROUP BY tenant_id
) AS first
WHERE state.tenant_id = first.tenant_id AND state.known_since_at IS NULL
"""


class Migration(migrations.Migration):
    """Know the orders of existing shops from the first that was delivered on."""

    dependencies = [("webhooks", "0004_count_deliveries"), ("tenants", "0003_known_since")]

    operations = [migrations.RunSQL(SINCE_THE_FIRST_DELIVERY, migrations.RunSQL.noop)]
