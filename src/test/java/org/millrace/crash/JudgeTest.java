package org.millrace.crash;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The judge must see what it is there to see. */
class JudgeTest {
  private Path history;

  @BeforeEach
  void threeMessages(@TempDir Path folder) throws IOException {
    history = folder.resolve("history.txt");
    Files.write(
        history,
        List.of(
            "0 seed 1",
            "1 sent K100001 LAB 9900700",
            "2 acked K100001 AA",
            "3 kill CREATE_STORED",
            "4 sent K100002 LAB 9900700",
            "5 acked K100002 AA",
            "6 sent K100003 LAB 9900700",
            "7 acked K100003 AR"));
  }

  @Test
  void allFiledOnceInOrderIsClean() throws IOException {
    Judge.Verdict verdict = judge(Set.of(), "K100001", "K100002");

    assertThat(verdict.clean()).isTrue();
    assertThat(verdict.acknowledged()).isEqualTo(2);
    assertThat(verdict.kills()).isEqualTo(1);
  }

  @Test
  void anAcknowledgedMessageThatIsNowhereIsLost() throws IOException {
    assertThat(judge(Set.of(), "K100001").lost()).containsExactly("K100002");
    assertThat(judge(Set.of("K100002"), "K100001").lost()).isEmpty();
  }

  @Test
  void anEngineThatHoldsWhatItShouldFileIsSeen() throws IOException {
    assertThat(judge(Set.of(), "K100001", "K100002").mostlyFiled()).isTrue();
    Judge.Verdict held = judge(Set.of("K100001", "K100002"));
    assertThat(held.clean()).isTrue();
    assertThat(held.mostlyFiled()).isFalse();
  }

  @Test
  void twoDocumentsOfOneMessageAreSeen() throws IOException {
    assertThat(judge(Set.of(), "K100001", "K100001", "K100002").twice()).containsExactly("K100001");
  }

  @Test
  void aLaterMessageThatWasFiledFirstIsSeen() throws IOException {
    assertThat(judge(Set.of(), "K100002", "K100001").overtaken()).containsExactly("K100001");
  }

  @Test
  void whatNobodySentIsSeen() throws IOException {
    assertThat(judge(Set.of(), "K100001", "K100002", "K999999").unasked())
        .containsExactly("K999999");
  }

  private Judge.Verdict judge(Set<String> stopped, String... titles) throws IOException {
    ArrayNode documents = new ObjectMapper().createArrayNode();
    for (String title : titles) {
      documents
          .addObject()
          .putArray("content")
          .addObject()
          .putObject("attachment")
          .put("title", "Progress note " + title + " [mr-abc]");
    }
    return Judge.judge(history, documents, stopped);
  }
}
