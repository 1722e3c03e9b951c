"""How badly the peers behave. All chances are drawn from the seed of the run; `calm` ends it."""

import dataclasses


@dataclasses.dataclass
class Weather:
    """Chances, 0 to 1, and times in seconds."""

    # The answer to the POST of a delivery: what is left goes to 200.
    buffered: float = 0.30        # 201, delivered later
    status_first: float = 0.08    # 201, and the delivery status comes before it
    failed: float = 0.05          # 500 with a NiddDownlinkDataDeliveryFailure: explicitly not delivered
    busy: float = 0.02            # 503
    broken_500: float = 0.03      # 500 that says nothing; half of them delivered all the same
    silent: float = 0.02          # no answer; half delivered
    reset: float = 0.04           # the connection breaks after the request; half delivered
    # What the SCEF does later.
    status_failure: float = 0.06  # a buffered delivery ends FAILURE_*
    status_twice: float = 0.15    # the status is told again
    status_contradicts: float = 0.05  # and then the opposite
    uplink_twice: float = 0.08    # an uplink is told again although it was answered
    # The radio.
    frame_lost: float = 0.03
    answer_lost: float = 0.03
    buffer_seconds: float = 0.6
    # Between the LwM2M server and the adapter.
    datagram_lost: float = 0.10

    def calm(self):
        """Nothing goes wrong any more."""
        for field in dataclasses.fields(self):
            if field.name not in ("buffered", "buffer_seconds"):
                setattr(self, field.name, 0.0)
