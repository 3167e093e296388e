from django.db import migrations, models

AS_TOLD = "UPDATE shop_data_customermerge SET told_into_shopify_id = into_shopify_id"


class Migration(migrations.Migration):
    """Keep every merge as it was told; who became whom follows from all of them."""

    dependencies = [("shop_data", "0008_privacy")]

    operations = [
        migrations.RemoveConstraint(
            model_name="customermerge", name="customermerge_shopify_id"
        ),
        migrations.AddField(
            model_name="customermerge",
            name="told_into_shopify_id",
            field=models.BigIntegerField(default=0),
            preserve_default=False,
        ),
        migrations.RunSQL(AS_TOLD, migrations.RunSQL.noop),
        migrations.AlterField(
            model_name="customermerge",
            name="into_shopify_id",
            field=models.BigIntegerField(null=True),
        ),
        migrations.AddConstraint(
            model_name="customermerge",
            constraint=models.UniqueConstraint(
                fields=("tenant", "shopify_id", "told_into_shopify_id"),
                name="customer_merge_once",
            ),
        ),
        migrations.AddIndex(
            model_name="customermerge",
            index=models.Index(
                fields=["tenant", "told_into_shopify_id"], name="customer_merge_told_into"
            ),
        ),
    ]
