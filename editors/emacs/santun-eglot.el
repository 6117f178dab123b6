;;; santun-eglot.el --- Santun in Emacs, by Eglot  -*- lexical-binding: t; -*-

;; Emacs 29 and newer have Eglot; Emacs 28 takes it as a package.  Load this file from init.el.

(require 'eglot)

;; Behind the others, since Markdown and HTML are text as well and Eglot knows one server a buffer.  Settings are in TOML.
(add-to-list 'eglot-server-programs
             '((text-mode conf-toml-mode toml-ts-mode) . ("lint" "lsp"))
             t)

;; "id" or "en", before `lang' of santun.toml:
;; '(... . ("lint" "lsp" :initializationOptions (:lang "en")))

;; E-mail as it was saved is text like any other.
(add-to-list 'auto-mode-alist '("\\.eml\\'" . text-mode))

(defun santun-start ()
  "Start Santun where a message is written, or what holds for messages."
  (when (and buffer-file-name
             (or (eq major-mode 'text-mode)
                 (equal (file-name-nondirectory buffer-file-name) "santun.toml")))
    (eglot-ensure)))

(add-hook 'text-mode-hook #'santun-start)
(add-hook 'conf-toml-mode-hook #'santun-start)
(add-hook 'toml-ts-mode-hook #'santun-start)

(defun santun-check-all ()
  "Check all messages of the project."
  (interactive)
  (jsonrpc-async-request
   (or (eglot-current-server) (user-error "Santun has not been started here"))
   :workspace/executeCommand '(:command "santun.checkWorkspace")
   :success-fn (lambda (count)
                 (message "Santun: files checked: %s, findings: %s" (plist-get count :files) (plist-get count :findings)))))

(provide 'santun-eglot)
;;; santun-eglot.el ends here
