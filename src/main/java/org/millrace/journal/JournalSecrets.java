package org.millrace.journal;

/** What contents are sealed with, and what is searched by. */
record JournalSecrets(ContentCipher cipher, SearchKeys searchKeys) {
  /** Of a journal that is not encrypted. */
  static final JournalSecrets PLAIN = new JournalSecrets(ContentCipher.plain(), SearchKeys.plain());

  static JournalSecrets locked(String why) {
    return new JournalSecrets(ContentCipher.locked(why), SearchKeys.locked(why));
  }
}
