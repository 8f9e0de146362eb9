"""Runs the runbook's validation queries as a person would in a shell, and prints what they find as JSON.

Usage: validation_queries.py MONGO_URI DATABASE TEST_DATE
"""

import json
import sys
from datetime import datetime

from pymongo import MongoClient

uri, database, test_date = sys.argv[1:]
db = MongoClient(uri)[database]
midnight = datetime.strptime(test_date, "%Y-%m-%d")

states = list(db.anomaly_pipeline_state.find({"test_date": test_date}))
sample = list(db.anomaly_detection_results.find({"source.test_date": midnight}).limit(5))
print(json.dumps({
    "states": [{"_id": state["_id"], "status": state["status"], "stats": state["stats"]} for state in states],
    "count": db.anomaly_detection_results.count_documents({"source.test_date": midnight}),
    "sample": [
        {
            "id": result["_id"],
            "is_anomaly": result["inference"]["is_anomaly"],
            "anomaly_score": result["inference"]["anomaly_score"],
            "processed_at": result["processing"]["processed_at"].isoformat(),
        }
        for result in sample
    ],
}))
