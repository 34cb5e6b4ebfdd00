package org.millrace.alert;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.millrace.journal.AlertNotice;

/** A receiver that takes notices, or does not. */
final class Inbox implements NoticeWay {
  final List<AlertNotice> taken = new ArrayList<>();
  int refused;
  boolean down;

  @Override
  public String name() {
    return "inbox";
  }

  @Override
  public void send(AlertNotice notice) throws IOException {
    if (down) {
      refused++;
      throw new IOException("down");
    }
    taken.add(notice);
  }

  List<String> words() {
    return taken.stream().map(NoticeText::subject).toList();
  }
}
