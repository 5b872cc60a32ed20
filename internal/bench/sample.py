# A function of the kind that AWS's samples show: boto3 reads the object, Pillow
# the picture's EXIF, and an item goes into DynamoDB.
import io
import os
import urllib.parse

import boto3
from PIL import Image
from PIL.ExifTags import TAGS

s3 = boto3.client("s3")
table = boto3.resource("dynamodb").Table(os.environ["CUTLINE_TABLE"])


def handler(event, context):
    for record in event["Records"]:
        bucket = record["s3"]["bucket"]["name"]
        key = urllib.parse.unquote_plus(record["s3"]["object"]["key"])
        body = s3.get_object(Bucket=bucket, Key=key)["Body"].read()
        exif = Image.open(io.BytesIO(body)).getexif()
        texts = {TAGS.get(tag, str(tag)): str(value) for tag, value in exif.items()}
        caption = texts.get("ImageDescription", "")
        verdict = "pass" if "verified" in caption else "review"
        table.put_item(Item={"pk": "sample/" + bucket + "/" + key, "sk": "report", "verdict": verdict, "exif": texts})
    return {"checked": len(event["Records"])}
