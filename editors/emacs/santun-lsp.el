;;; santun-lsp.el --- Santun in Emacs, by lsp-mode  -*- lexical-binding: t; -*-

;; For those who use lsp-mode; with Eglot, take santun-eglot.el.  Load this file from init.el.

(require 'lsp-mode)

(dolist (language '((text-mode . "plaintext") (mail-mode . "plaintext") (message-mode . "plaintext")
                    (markdown-mode . "markdown") (html-mode . "html") (mhtml-mode . "html")
                    (conf-toml-mode . "toml") (toml-ts-mode . "toml")))
  (add-to-list 'lsp-language-id-configuration language t))

(lsp-register-client
 (make-lsp-client
  :server-id 'santun
  :new-connection (lsp-stdio-connection '("lint" "lsp"))
  :major-modes '(text-mode mail-mode message-mode markdown-mode html-mode mhtml-mode web-mode conf-toml-mode toml-ts-mode)
  ;; Beside the server of the language.
  :add-on? t
  ;; Columns are counted in characters, which lsp-mode 8 does without saying so; an emoji would shift all behind it.
  :custom-capabilities '((general . ((positionEncodings . ["utf-32"]))))
  ;; "id" or "en", before `lang' of santun.toml:
  ;; :initialization-options '(:lang "en")
  ))

(defun santun-start ()
  "Start Santun where a message is written, or what holds for messages."
  (when (and buffer-file-name
             (or (eq major-mode 'text-mode)
                 (equal (file-name-nondirectory buffer-file-name) "santun.toml")))
    (lsp-deferred)))

(add-hook 'text-mode-hook #'santun-start)
(add-hook 'conf-toml-mode-hook #'santun-start)
(add-hook 'toml-ts-mode-hook #'santun-start)

(provide 'santun-lsp)
;;; santun-lsp.el ends here
