-- Santun in Neovim 0.7 to 0.10. Copy this file to ~/.config/nvim/plugin/santun.lua; nothing else is needed.

-- What messages and templates are written in; TOML, since that is where settings and packs are.
local filetypes = {
  "text", "mail", "markdown", "html", "blade", "twig", "htmldjango", "jinja", "liquid", "handlebars", "mustache",
  "jsonl", "csv", "toml",
}

-- :SantunCheck looks at all files of the folder and lists what it found.
local function on_attach(client, buffer)
  vim.api.nvim_buf_create_user_command(buffer, "SantunCheck", function()
    client.request("workspace/executeCommand", { command = "santun.checkWorkspace" }, function(failure)
      if failure then
        vim.notify(failure.message, vim.log.levels.WARN)
      else
        vim.diagnostic.setqflist()
      end
    end)
  end, { desc = "Check all messages" })
end

-- The nearest folder upwards with a santun.toml or .git, or else the file's own.
local function root_of(file)
  local own = vim.fn.fnamemodify(file, ":p:h")
  local folder, below = own, nil
  while folder ~= below do
    for _, marker in ipairs({ "santun.toml", ".git" }) do
      if vim.loop.fs_stat(folder .. "/" .. marker) then
        return folder
      end
    end
    folder, below = vim.fn.fnamemodify(folder, ":h"), folder
  end
  return own
end

-- Neovim 0.7 does not look for a client that is there already.
local started = {}

local function start(buffer)
  local root = root_of(vim.api.nvim_buf_get_name(buffer))
  local config = {
    name = "santun",
    cmd = { "lint", "lsp" },
    root_dir = root,
    workspace_folders = { { uri = vim.uri_from_fname(root), name = root } },
    on_attach = on_attach,
    -- "id" or "en", before `lang` of santun.toml:
    -- init_options = { lang = "en" },
  }
  if vim.lsp.start then
    vim.lsp.start(config, { bufnr = buffer })
    return
  end
  local id = started[root]
  if not (id and vim.lsp.get_client_by_id(id)) then
    id = vim.lsp.start_client(config)
    started[root] = id
  end
  if id then
    vim.lsp.buf_attach_client(buffer, id)
  end
end

vim.api.nvim_create_autocmd("FileType", {
  pattern = filetypes,
  callback = function(event)
    -- Not what is no file, such as help.
    if vim.bo[event.buf].buftype == "" then
      start(event.buf)
    end
  end,
})
