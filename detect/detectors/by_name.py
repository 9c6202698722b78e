"""The one list of detectors, by the name that rule files give them."""

from collections.abc import Mapping

from detect.detectors.account_burst import new_account_burst
from detect.detectors.aiding_threshold import aiding_threshold
from detect.detectors.branch_outlier import branch_outlier
from detect.detectors.card_level import card_level
from detect.detectors.co_location import co_location
from detect.detectors.daily_zero import daily_zero
from detect.detectors.dormant_wake import dormant_wake
from detect.detectors.fan_in_gather_out import fan_in_gather_out
from detect.detectors.goip import goip
from detect.detectors.holder_not_user import holder_not_user
from detect.detectors.imei_imsi_churn import imei_imsi_churn
from detect.detectors.layering_chain import layering_chain
from detect.detectors.listed_contact import listed_contact
from detect.detectors.merchant_round_trip import merchant_round_trip
from detect.detectors.night_or_round_clock import night_or_round_clock
from detect.detectors.pass_through import pass_through
from detect.detectors.phone_relay import phone_relay
from detect.detectors.scatter_gather import scatter_gather
from detect.detectors.single_in_scatter_out import single_in_scatter_out
from detect.detectors.stacked_layers import stacked_layers
from detect.detectors.structuring import structuring
from detect.detectors.time_cycle import time_cycle
from detect.hits import Detector

DETECTORS: Mapping[str, Detector] = {
    detector.__name__: detector
    for detector in (
        fan_in_gather_out,
        single_in_scatter_out,
        pass_through,
        layering_chain,
        time_cycle,
        scatter_gather,
        card_level,
        goip,
        holder_not_user,
        dormant_wake,
        new_account_burst,
        daily_zero,
        night_or_round_clock,
        structuring,
        merchant_round_trip,
        branch_outlier,
        aiding_threshold,
        stacked_layers,
        co_location,
        imei_imsi_churn,
        listed_contact,
        phone_relay,
    )
}
