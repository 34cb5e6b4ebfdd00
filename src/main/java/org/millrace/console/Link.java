package org.millrace.console;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Collection;

/** An address inside the console; whatever is put into it is encoded. */
record Link(String text) {
  static Link to(String path) {
    return new Link(path);
  }

  /** With one parameter more; an empty value is left out. */
  Link with(String name, String value) {
    if (value.isEmpty()) {
      return this;
    }
    String before = text.indexOf('?') < 0 ? "?" : "&";
    return new Link(text + before + name + "=" + URLEncoder.encode(value, StandardCharsets.UTF_8));
  }

  Link withAll(String name, Collection<String> values) {
    Link link = this;
    for (String value : values) {
      link = link.with(name, value);
    }
    return link;
  }

  @Override
  public String toString() {
    return text;
  }
}
