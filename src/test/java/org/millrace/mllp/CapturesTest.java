package org.millrace.mllp;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** How long captures last, and how much they hold. */
final class CapturesTest {
  private static final InetAddress ONE = PeerAddress.read("10.1.2.3").orElseThrow();
  private static final InetAddress TWO = PeerAddress.read("fd00::17%eth0").orElseThrow();

  private final AtomicLong nanos = new AtomicLong();
  private final Captures captures = new Captures(nanos::get);

  private void pass(long minutes) {
    nanos.addAndGet(minutes * 60_000_000_000L);
  }

  @Test
  void whatIsWaitedForAndWhatWasTakenLastsAQuarterOfAnHour() {
    captures.ask(ONE);
    long taken = captures.ask(TWO);
    pass(14);
    Capture capture = captures.begin(TWO, "[fd00::17]:1").orElseThrow();
    capture.add(new byte[] {11}, 1);
    capture.end(Capture.WHOLE);
    pass(2);

    assertThat(captures.begin(ONE, "10.1.2.3:1")).isEmpty();
    assertThat(captures.all()).extracting(Captures.View::number).containsExactly(taken);
    assertThat(captures.bytes(taken)).hasValue(new byte[] {11});
    pass(14);
    captures.forget();
    assertThat(captures.all()).isEmpty();
    assertThat(captures.bytes(taken)).isEmpty();
  }

  @Test
  void eachIsOfOneConnection() {
    captures.ask(ONE);
    captures.ask(ONE);
    Capture first = captures.begin(ONE, "10.1.2.3:1").orElseThrow();
    Capture second = captures.begin(ONE, "10.1.2.3:2").orElseThrow();

    assertThat(first.number()).isLessThan(second.number());
    assertThat(captures.begin(ONE, "10.1.2.3:3")).isEmpty();
    assertThat(captures.all())
        .extracting(Captures.View::from)
        .containsExactly("10.1.2.3:2", "10.1.2.3:1");
  }

  @Test
  void whatIsTooLongIsCutOffAndCounted() {
    long number = captures.ask(ONE);
    Capture capture = captures.begin(ONE, "10.1.2.3:1").orElseThrow();
    byte[] chunk = new byte[Captures.MOST_BYTES - 1];
    capture.add(chunk, chunk.length);
    capture.add(chunk, chunk.length);
    capture.add(chunk, 5);
    capture.end(Capture.BROKEN_OFF);

    assertThat(captures.bytes(number).orElseThrow()).hasSize(Captures.MOST_BYTES);
    assertThat(captures.all().get(0).received()).isEqualTo(2L * chunk.length + 5);
  }

  @Test
  void thereAreSoManyAndTheOldestMakesRoom() {
    for (int i = 0; i < Captures.MOST; i++) {
      captures.ask(TWO);
    }
    long last = captures.ask(ONE);

    assertThat(captures.all()).hasSize(Captures.MOST);
    assertThat(captures.all().get(0).number()).isEqualTo(last);
    assertThat(captures.remove(last)).isTrue();
    assertThat(captures.remove(last)).isFalse();
    assertThat(captures.begin(ONE, "10.1.2.3:1")).isEmpty();
  }

  @Test
  void addressesAreReadAndNamesAreNot() {
    assertThat(PeerAddress.text(ONE)).isEqualTo("10.1.2.3");
    assertThat(PeerAddress.text(TWO)).isEqualTo("fd00:0:0:0:0:0:0:17");
    for (String none :
        List.of(
            "",
            "localhost",
            "10.1.2",
            "10.1.2.3:5",
            "10.1.2.3%eth0",
            "10.1.2.0/24",
            "x:y",
            "fd00::17%",
            "fd00::17% and more")) {
      assertThat(PeerAddress.read(none)).as(none).isEmpty();
    }
  }
}
