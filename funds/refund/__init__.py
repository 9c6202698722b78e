"""Refund plans for frozen money: the three branches of the 2016 rules, to the fen and with proof."""
