" Santun in Vim, by ALE, from the JSON that `lint` prints. Copy this file to ~/.vim/plugin/santun.vim.

let s:severities = {'error': 'E', 'warning': 'W', 'info': 'I'}

" ALE counts bytes of the line from 1, Santun characters.
function! s:Column(line, column) abort
  let l:byte = byteidxcomp(a:line, a:column - 1)
  return l:byte < 0 ? strlen(a:line) + 1 : l:byte + 1
endfunction

function! s:Findings(buffer, output) abort
  let l:findings = []
  for l:file in ale#util#FuzzyJSONDecode(a:output, {'files': []}).files
    for l:message in l:file.messages
      for l:found in l:message.diagnostics
        let [l:start, l:end] = [l:found.start, l:found.end]
        call add(l:findings, {
        \ 'lnum': l:start.line,
        \ 'col': s:Column(get(getbufline(a:buffer, l:start.line), 0, ''), l:start.column),
        \ 'end_lnum': l:end.line,
        \ 'end_col': s:Column(get(getbufline(a:buffer, l:end.line), 0, ''), l:end.column) - 1,
        \ 'type': s:severities[l:found.severity],
        \ 'code': l:found.rule,
        \ 'text': l:found.message,
        \ 'detail': join(filter([l:found.message, l:found.help], 'v:val isnot v:null'), "\n"),
        \})
      endfor
    endfor
  endfor
  return l:findings
endfunction

function! s:Define() abort
  " ALE checks plain text with nothing by itself. Whoever has chosen linters for it adds santun to them.
  let g:ale_linters = extend({'text': ['santun']}, get(g:, 'ale_linters', {}))
  for l:type in ['text', 'mail', 'markdown', 'html', 'blade', 'twig', 'jinja', 'jsonl', 'csv']
    call ale#linter#Define(l:type, {
    \ 'name': 'santun',
    \ 'executable': 'lint',
    \ 'command': '%e --format json --stdin-filename %s -',
    \ 'callback': function('s:Findings'),
    \})
  endfor
endfunction

augroup santun
  autocmd!
  " ALE may be loaded behind this file.
  autocmd VimEnter * call s:Define()
augroup END
