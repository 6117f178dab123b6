;;; Drives an Emacs: what a person would do, and whether it comes to what it should.  -*- lexical-binding: t; -*-

;; It has the set-up of editors/emacs.  The folder that SANTUN_WORK names is empty; SANTUN_CLIENT is eglot or lsp.

(require 'cl-lib)
(require 'package)
(package-initialize)
(require 'flymake)

(defconst work (file-name-as-directory (getenv "SANTUN_WORK")))
(defconst client (intern (getenv "SANTUN_CLIENT")))
(defconst draft (expand-file-name "chat-warga.txt" work))
(defconst config (expand-file-name "santun.toml" work))

(defun show (format &rest arguments)
  (princ (concat (apply #'format format arguments) "\n")))

(defun findings ()
  "What Flymake shows in the buffer."
  (mapcar (lambda (found)
            (list (flymake-diagnostic-beg found) (flymake-diagnostic-end found) (flymake-diagnostic-text found)))
          (flymake-diagnostics)))

(defun finding (text)
  "The finding whose text holds TEXT."
  (cl-find-if (lambda (found) (string-match-p (regexp-quote text) (nth 2 found))) (findings)))

(defun fail (what)
  (show "GAGAL: %s" what)
  (show "buffer: %S" (buffer-string))
  (show "findings: %S" (findings))
  (dolist (buffer (buffer-list))
    (when (string-match-p "EGLOT\\|\\*lsp-log\\|santun.*stderr\\|Messages" (buffer-name buffer))
      (show "%s: %s" (buffer-name buffer) (with-current-buffer buffer (buffer-string)))))
  (kill-emacs 1))

(defun wait (what holds)
  "Wait until HOLDS says something, and return that."
  (let ((end (+ (float-time) 20)) result)
    (while (not (setq result (funcall holds)))
      (when (> (float-time) end)
        (fail what))
      ;; Nobody looks and nobody is idle, so what waits for that has to be asked for.
      (when (and (eq client 'eglot) (eglot-managed-p))
        (eglot--signal-textDocument/didChange)
        (flymake-start))
      (accept-process-output nil 0.05)
      ;; Changes of files are heard where keys are read.
      (read-event nil nil 0.05))
    (show "  %s" what)
    result))

(defun act (wanted)
  "Take the action at point whose title holds WANTED."
  (cl-letf ((last-nonmenu-event t) ; There is no mouse, so no menu.
            ((symbol-function 'completing-read)
             (lambda (_ titles &rest _)
               (let ((titles (all-completions "" titles)))
                 (or (cl-find-if (lambda (title) (string-match-p (regexp-quote wanted) title)) titles)
                     (fail (format "offered are %S" titles)))))))
    (if (eq client 'eglot)
        (eglot-code-actions (point) (point) nil t)
      (call-interactively #'lsp-execute-code-action)))
  (show "  an action: %s" wanted))

(defun hover ()
  "The text of a hover at point."
  (let (text)
    (if (eq client 'eglot)
        (eglot-hover-eldoc-function (lambda (said &rest _) (setq text (if (stringp said) said ""))))
      (lsp-request-async "textDocument/hover" (lsp--text-document-position-params)
                         (lambda (hover) (setq text (lsp--render-on-hover-content (lsp:hover-contents hover) t)))))
    (wait "a hover" (lambda () text))))

(with-temp-file config (insert "lang = \"id\"\n"))
(with-temp-file draft (insert "Selamat pagi, Bapak/Ibu.\n🙏 Berkasnya gak ada.\n"))

(pcase client
  ('eglot (load (expand-file-name "editors/emacs/santun-eglot.el")))
  ('lsp
   (load (expand-file-name "editors/emacs/santun-lsp.el"))
   (setq lsp-auto-guess-root t lsp-diagnostics-provider :flymake lsp-warn-no-matched-clients t lsp-log-io t
         lsp-session-file (expand-file-name ".session" work))
   (lsp-workspace-folders-add work)))

(find-file draft)
(pcase client
  ;; Both wait for a person to look at the buffer.
  ('eglot (unless (eglot-managed-p) (apply #'eglot (eglot--guess-contact))))
  ('lsp (lsp)))

(let ((found (wait "a finding" (lambda () (finding "“gak” terlalu santai")))))
  (unless (equal (buffer-substring (nth 0 found) (nth 1 found)) "gak")
    (fail "the finding is at the wrong place behind an emoji"))
  (show "  its place behind an emoji"))

(goto-char (point-min))
(search-forward "ga")
(unless (string-match-p "Bahasa Formal" (hover))
  (fail "the hover does not hold the guideline's text"))

(act "“gak” dengan “tidak”")
(wait "the fix in the text" (lambda () (string-match-p "🙏 Berkasnya tidak ada" (buffer-string))))
(wait "no finding any more" (lambda () (not (finding "terlalu santai"))))

(goto-char (point-max))
(insert "Suratnya gak lama.\n")
(wait "a finding while typing" (lambda () (finding "“gak” terlalu santai")))
(with-temp-file config (insert "lang = \"id\"\n\n[rules]\n\"language/slang\" = \"off\"\n"))
(save-buffer)
(wait "none once santun.toml switches the rule off" (lambda () (not (finding "terlalu santai"))))

(when (eq client 'eglot)
  (santun-check-all)
  (wait "all files checked"
        (lambda () (with-current-buffer "*Messages*" (string-match-p "Santun: files checked: 1," (buffer-string))))))

;; Without a farewell, since lsp-mode would start the server anew.
(kill-emacs 0)
