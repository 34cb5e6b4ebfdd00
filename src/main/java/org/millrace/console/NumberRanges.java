package org.millrace.console;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Numbers as an address has them: {@code 3-7,12}. */
final class NumberRanges {
  private static final Pattern RANGE = Pattern.compile("([0-9]{1,18})(?:-([0-9]{1,18}))?");

  private NumberRanges() {}

  static String text(Iterable<Long> numbers) {
    StringBuilder text = new StringBuilder();
    long first = 0;
    long last = 0;
    TreeSet<Long> all = new TreeSet<>();
    numbers.forEach(all::add);
    for (long each : all) {
      if (text.length() > 0 && each == last + 1) {
        last = each;
        continue;
      }
      end(text, first, last);
      text.append(text.length() == 0 ? "" : ",").append(each);
      first = each;
      last = each;
    }
    end(text, first, last);
    return text.toString();
  }

  private static void end(StringBuilder text, long first, long last) {
    if (last > first) {
      text.append('-').append(last);
    }
  }

  /** Empty if it is not written so, names none, or names more than this. */
  static Optional<List<Long>> read(String text, int most) {
    TreeSet<Long> numbers = new TreeSet<>();
    for (String each : text.split(",", -1)) {
      Matcher range = RANGE.matcher(each);
      if (!range.matches()) {
        return Optional.empty();
      }
      long first = Long.parseLong(range.group(1));
      long last = range.group(2) == null ? first : Long.parseLong(range.group(2));
      if (last < first || last - first >= most) {
        return Optional.empty();
      }
      for (long number = first; number <= last; number++) {
        numbers.add(number);
      }
    }
    return numbers.size() > most ? Optional.empty() : Optional.of(new ArrayList<>(numbers));
  }
}
