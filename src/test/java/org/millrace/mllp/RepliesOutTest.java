package org.millrace.mllp;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What leaves on a connection, without one. */
class RepliesOutTest {
  private static final byte[] REPLY = "MSH|reply".getBytes(StandardCharsets.UTF_8);

  private final List<String> told = new ArrayList<>();
  private final RepliesOut out =
      new RepliesOut(
          new ByteArrayOutputStream(), Runnable::run, "peer", ListenerMode.read("all", "2", "one"));

  private void write(int number) throws IOException {
    out.write(new RouteCall.Reply(REPLY, true, Optional.of(took -> told.add(number + " " + took))));
  }

  @Test
  void aSenderThatNeverCommitsItsRepliesFillsNoMemory() throws Exception {
    for (int i = 1; i <= RepliesOut.MOST_UNCOMMITTED; i++) {
      write(i);
    }
    assertThat(told).isEmpty();
    write(RepliesOut.MOST_UNCOMMITTED + 1);
    assertThat(told).containsExactly("1 false");
    out.committed(true);
    assertThat(told).containsExactly("1 false", "2 true");
  }
}
