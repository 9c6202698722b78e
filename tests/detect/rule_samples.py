"""Builds rule files for tests: the example of the style guide, with single fields changed."""

import copy
from pathlib import Path
from typing import Any

import yaml

from detect.rule import Rule, parse_rule

TEXT = """
id: Z01
uuid: 6b1f0c52-3a54-4c0e-9d0f-2f8f3f1f7a11
revision: 2
name: device_shared_by_holders
title: {zh: 一台设备登录多名持有人的账户, en: One device logs in to several holders' accounts}
description: {zh: 时间窗内同一设备登录多名持有人的账户。, en: "Several holders, one device, one window."}
status: trial
authors: [duanlian]
created: 2024-03-01
changed: 2024-05-20
region: all
answers: [HN-7, WH-13]
basis: D
severity: medium
confidence: 0.6
needs: {relations: [HOLDS, LOGGED_IN], properties: [LOGGED_IN.at], promises: [cypher]}
parameters:
  min_holders: {type: integer, default: 3, min: 2, max: 50, meaning: {zh: 最少持有人数, en: fewest holders}}
  window: {type: duration, default: PT24H, min: PT1H, max: P30D, meaning: {zh: 时间窗, en: span of logins}}
exclude: [shared_net, family]
query: |
  MATCH (p:Person)-[:HOLDS]->(:Account)-[l:LOGGED_IN]->(d:Device)
  WITH d, min(l.at) AS since, count(DISTINCT p) AS holders
  WHERE holders >= $min_holders
  RETURN d.key AS subject, holders, since
  ORDER BY holders DESC, subject
evidence: |
  MATCH (p:Person)-[:HOLDS]->(a:Account)-[l:LOGGED_IN]->(:Device {key: $subject})
  WHERE $since <= l.at <= $since + $window
  RETURN p.key AS person, l.at AS at, l.source AS source, l.row AS row
  ORDER BY at, person
message:
  zh: 自 {since} 起 {window} 内，设备 {subject} 登录了 {holders} 名持有人的账户。
  en: Within {window} of {since} device {subject} logged in to {holders} holders' accounts.
false_positives: [{zh: 营业厅公用终端, en: a shared terminal in a branch}]
limits: [{zh: 来源缺设备号则看不到, en: sources without a device id are not seen}]
next_steps: [{zh: 调取设备基站轨迹, en: request the device's cell track}]
examples:
  fires:
    - given: [A HOLDS K1, "K1 LOGGED_IN D at=2024-03-01T09:00+08:00"]
      parameters: {min_holders: 2}
      expect: [{subject: D, holders: 1}]
  stays_silent:
    - {why: nobody logs in, given: [A HOLDS K1]}
"""

SQL = {
    "query": None,
    "evidence": None,
    "sql": (
        "SELECT to_key AS subject, count(DISTINCT from_key) AS holders, min(at) AS since FROM logged_in "
        "WHERE logged_in.at <= logged_in.at + $window GROUP BY to_key HAVING holders >= $min_holders "
        "ORDER BY holders DESC, subject"
    ),
    "needs": {"relations": ["LOGGED_IN"]},
    "columns": {
        "subject": {"node": "Device", "zh": "设备", "en": "device"},
        "holders": {"kind": "count", "zh": "人数", "en": "holders"},
        "since": {"kind": "instant", "zh": "开始", "en": "since"},
    },
}


def fields(**changes: Any) -> dict[str, Any]:
    """The fields of the sample with some set; a value of None takes the field out."""
    sample: dict[str, Any] = copy.deepcopy(yaml.safe_load(TEXT))
    sample.update(changes)
    return {name: value for name, value in sample.items() if value is not None}


def rule(**changes: Any) -> Rule:
    """The sample as a rule, read as if it stood in its own file."""
    raw = yaml.safe_dump(fields(**changes), allow_unicode=True, sort_keys=False).encode()
    return parse_rule(raw, Path("device_shared_by_holders.yml"))
