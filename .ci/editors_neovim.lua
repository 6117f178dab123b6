-- Drives a Neovim that has the set-up of editors/neovim: what a person would do, and whether it comes to what it should.
-- The folder that SANTUN_WORK names is empty; UTF16 says that the client offers no other encoding.

local work = assert(vim.env.SANTUN_WORK)
local draft, other, config = work .. "/chat-warga.txt", work .. "/chat-lain.txt", work .. "/santun.toml"
-- What the server sends, as it is on the wire.
local sent = {}

local function show(what)
  io.stdout:write(what .. "\n")
end

local function fail(what)
  show("GAGAL: " .. what)
  show("buffer: " .. vim.inspect(vim.api.nvim_buf_get_lines(0, 0, -1, false)))
  show("diagnostics: " .. vim.inspect(vim.diagnostic.get(nil)))
  show("sent: " .. vim.inspect(sent))
  show("messages: " .. vim.api.nvim_exec("messages", true))
  vim.cmd("cquit 1")
end

local function wait(what, holds)
  if not vim.wait(15000, holds, 20) then
    fail(what)
  end
  show("  " .. what)
end

local function equal(what, seen, wanted)
  if not vim.deep_equal(seen, wanted) then
    fail(what .. ": " .. vim.inspect(seen) .. " and not " .. vim.inspect(wanted))
  end
  show("  " .. what)
end

-- The finding of a rule in a buffer. Older versions keep the code where they keep all that they do not use.
local function finding(buffer, rule)
  for _, found in ipairs(vim.diagnostic.get(buffer)) do
    local lsp = (found.user_data or {}).lsp or {}
    if (found.code or lsp.code) == rule then
      return found
    end
  end
end

local function write(path, text)
  local file = assert(io.open(path, "w"))
  file:write(text)
  file:close()
end

-- Takes the action whose title holds `wanted` from what is offered.
local function act(wanted)
  local offered, taken = {}, false
  vim.ui.select = function(items, options, choose)
    for _, item in ipairs(items) do
      local title = options.format_item(item)
      table.insert(offered, title)
      if not taken and title:find(wanted, 1, true) then
        taken = true
        choose(item)
      end
    end
  end
  vim.lsp.buf.code_action()
  wait("an action: " .. wanted, function()
    return taken or (#offered > 0 and fail("offered are " .. vim.inspect(offered)))
  end)
end

local function client()
  return (vim.lsp.get_clients or vim.lsp.get_active_clients)()[1]
end

local publish = vim.lsp.handlers["textDocument/publishDiagnostics"]
vim.lsp.handlers["textDocument/publishDiagnostics"] = function(failure, result, ...)
  sent[result.uri] = result.diagnostics
  return publish(failure, result, ...)
end

write(config, 'lang = "id"\n')
write(draft, "Selamat pagi, Bapak/Ibu.\n🙏 Berkasnya gak ada.\n")
write(other, "Halo Bro, gak bisa.\n")
vim.cmd("silent edit " .. vim.fn.fnameescape(draft))
local buffer = vim.api.nvim_get_current_buf()

wait("a finding", function()
  return finding(buffer, "language/slang")
end)
local found = finding(buffer, "language/slang")
equal("its line", found.lnum, 1)
equal("its columns, in bytes behind an emoji", { found.col, found.end_col }, { 15, 18 })
equal("its severity", found.severity, vim.diagnostic.severity.WARN)
equal("who says it", found.source, "santun")
local encoding = client().offset_encoding
equal("the encoding", encoding, (vim.lsp.config and not vim.env.UTF16) and "utf-8" or "utf-16")
local range = (found.user_data.lsp or {}).range
for _, one in ipairs(sent[vim.uri_from_fname(draft)] or {}) do
  range = one.code == "language/slang" and one.range or range
end
equal("its column on the wire", range.start, { line = 1, character = encoding == "utf-8" and 15 or 13 })

vim.api.nvim_win_set_cursor(0, { 2, 15 })
vim.lsp.buf.hover()
wait("a hover with the guideline's text", function()
  for _, window in ipairs(vim.api.nvim_list_wins()) do
    local lines = vim.api.nvim_buf_get_lines(vim.api.nvim_win_get_buf(window), 0, -1, false)
    if vim.api.nvim_win_get_config(window).relative ~= "" and table.concat(lines, " "):find("Bahasa Formal", 1, true) then
      vim.api.nvim_win_close(window, true)
      return true
    end
  end
end)

act("“gak” dengan “tidak”")
wait("the fix in the text", function()
  return vim.api.nvim_buf_get_lines(buffer, 1, 2, false)[1] == "🙏 Berkasnya tidak ada."
end)
wait("no finding any more", function()
  return not finding(buffer, "language/slang")
end)

vim.cmd("normal! Gonanti dikabarin, gak lama")
wait("a finding while typing", function()
  return finding(buffer, "language/slang")
end)
vim.api.nvim_win_set_cursor(0, { 3, 19 })
act("Terapkan semua perbaikan yang aman")
wait("all fixes in the text", function()
  return not table.concat(vim.api.nvim_buf_get_lines(buffer, 0, -1, false), " "):find("gak", 1, true)
end)

vim.api.nvim_buf_set_lines(buffer, 2, 3, false, { "Suratnya gak lama." })
wait("a finding again", function()
  return finding(buffer, "language/slang")
end)
vim.api.nvim_win_set_cursor(0, { 3, 9 })
act("Nonaktifkan kaidah language/slang")
wait("the edit of santun.toml", function()
  return vim.fn.bufexists(config) == 1 and vim.bo[vim.fn.bufnr(config)].modified
end)
vim.cmd("silent wall")
wait("none once santun.toml switches the rule off", function()
  return not finding(buffer, "language/slang")
end)
wait("the switch in the file", function()
  -- Neovim 0.11 leaves an empty line behind what is inserted at the end.
  return vim.trim(table.concat(vim.fn.readfile(config), "\n")) == 'lang = "id"\n\n[rules]\n"language/slang" = "off"'
end)

write(config, 'lang = "id"\n')
vim.cmd("silent buffer " .. buffer .. " | silent write!")
wait("a finding again, since santun.toml was changed elsewhere", function()
  return finding(buffer, "language/slang")
end)

vim.cmd("SantunCheck")
wait("findings in a file that is not open", function()
  return vim.fn.bufexists(other) == 1 and finding(vim.fn.bufnr(other), "language/slang")
end)
wait("the list of all", function()
  return #vim.fn.getqflist() > #vim.diagnostic.get(buffer)
end)

vim.cmd("cclose | silent edit! " .. vim.fn.fnameescape(config))
vim.api.nvim_buf_set_lines(0, 0, -1, false, { "[agency]", "nama = 7" })
wait("what is wrong with santun.toml", function()
  local wrong = vim.diagnostic.get(0)[1]
  return wrong and wrong.lnum == 1
end)
vim.cmd("qall!")
