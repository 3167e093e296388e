from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("tenants", "0003_known_since")]

    operations = [
        migrations.AddField(
            model_name="tenantstate",
            name="claim_ends_at",
            field=models.DateTimeField(null=True),
        ),
    ]
